import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { type Visibility } from '../persona';

/** Whose a persona is and which version counts; who it is lives in its versions. */
@Entity('personas')
export class PersonaEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id: number;

  @Column({ name: 'workspace_id', type: 'bigint' })
  workspaceId: number;

  /** Null for the persona that came with the installation. */
  @Column({ name: 'owner_id', type: 'bigint', nullable: true })
  ownerId: number | null;

  @Column({ type: 'text' })
  visibility: Visibility;

  @Column({ name: 'current_version', type: 'integer', default: 1 })
  currentVersion: number;

  /** The highest number that was given out: drafts have numbers beyond the current one. */
  @Column({ name: 'last_version', type: 'integer', default: 1 })
  lastVersion: number;

  /** Who decided that the current version counts. */
  @Column({ name: 'published_by', type: 'bigint', nullable: true })
  publishedBy: number | null;

  @Column({ name: 'is_default_support', type: 'boolean', default: false })
  isDefaultSupport: boolean;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' })
  createdAt: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', default: () => 'now()' })
  updatedAt: Date;

  /** A deleted persona stays for the history of its conversations. */
  @Column({ name: 'deleted_at', type: 'timestamptz', nullable: true })
  deletedAt: Date | null;
}
