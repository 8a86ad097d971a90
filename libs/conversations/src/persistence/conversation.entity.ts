import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('conversations')
export class ConversationEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id: number;

  @Column({ name: 'workspace_id', type: 'bigint' })
  workspaceId: number;

  @Column({ name: 'user_id', type: 'bigint' })
  userId: number;

  @Column({ name: 'persona_id', type: 'bigint' })
  personaId: number;

  /** The API takes 255 characters; an emoji with its variation selector is one there and two in the database. */
  @Column({ type: 'text' })
  title: string;

  /** The title may be replaced by one made of the first message. */
  @Column({ name: 'is_title_generated', type: 'boolean' })
  isTitleGenerated: boolean;

  @Column({ name: 'is_active', type: 'boolean', default: true })
  isActive: boolean;

  /** Who answers: the AI, or a human agent who took over. */
  @Column({ type: 'varchar', length: 10, default: 'ai' })
  owner: 'ai' | 'human';

  /** Seq of the newest message; 0 for none. */
  @Column({ name: 'last_seq', type: 'integer', default: 0 })
  lastSeq: number;

  /** Messages that are not deleted. */
  @Column({ name: 'message_count', type: 'integer', default: 0 })
  messageCount: number;

  /** A reply was regenerated once: there may be open turns besides the newest. */
  @Column({ name: 'has_alternatives', type: 'boolean', default: false })
  hasAlternatives: boolean;

  /** The comparison of two persona versions that it began in; it counts while that runs. */
  @Column({ name: 'experiment_id', type: 'bigint', nullable: true })
  experimentId: number | null;

  /** The version that it got there, for good. */
  @Column({ name: 'persona_version', type: 'integer', nullable: true })
  personaVersion: number | null;

  /** The door that it came through, such as `api`. */
  @Column({ type: 'varchar', length: 20, default: 'api' })
  channel: string;

  /** What is said in it is encrypted in the database. */
  @Column({ name: 'is_encrypted', type: 'boolean', default: false })
  isEncrypted: boolean;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt: Date;
}
