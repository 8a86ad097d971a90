import type { ConversationState } from '@app/contracts';
import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

export type WorkspaceKind = 'personal' | 'team';

@Entity('workspaces')
export class WorkspaceEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id: number;

  @Column({ type: 'text' })
  kind: WorkspaceKind;

  @Column({ type: 'text' })
  name: string;

  /** The instance's own workspace; there is one. */
  @Column({ name: 'is_default', type: 'boolean', default: false })
  isDefault: boolean;

  /** Whose personal workspace it is; null for a team. */
  @Column({ name: 'personal_user_id', type: 'bigint', nullable: true })
  personalUserId: number | null;

  /** Who keeps the context of conversations whose persona does not say it; null is the instance's default. */
  @Column({ name: 'conversation_state', type: 'varchar', length: 20, nullable: true })
  conversationState: ConversationState | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;
}
