import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type PersonaVersionSnapshot, type PersonaView, type Visibility } from '../persona';
import { type RelationshipType } from '../relationship';
import { FROM_VISIBLE_PERSONAS, JOIN_CURRENT_VERSION, SNAPSHOT_COLUMNS, VIEW_COLUMNS } from './visible-personas.sql';

export interface PersonaFilter {
  limit: number;
  /** Only ids below it. */
  beforeId?: number;
  relationshipType?: RelationshipType;
  /** Part of the name, in any case. */
  nameContains?: string;
}

/** `%`, `_` and `\` in a search are meant literally. */
const likePattern = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/** Reads on behalf of a user are scoped to what this user may see; see `FROM_VISIBLE_PERSONAS`. */
@Injectable()
export class PersonasRepository {
  constructor(private readonly database: Database) {}

  /** Newest first; deleted ones are left out. */
  list(userId: number, filter: PersonaFilter): Promise<PersonaView[]> {
    return this.database.query<PersonaView>(
      `SELECT ${VIEW_COLUMNS} ${FROM_VISIBLE_PERSONAS} ${JOIN_CURRENT_VERSION}
       WHERE p.deleted_at IS NULL
         AND ($2::bigint IS NULL OR p.id < $2) AND ($3::text IS NULL OR v.relationship_type = $3) AND ($4::text IS NULL OR v.name ILIKE $4)
       ORDER BY p.id DESC LIMIT $5`,
      [
        userId,
        filter.beforeId ?? null,
        filter.relationshipType ?? null,
        filter.nameContains === undefined ? null : likePattern(filter.nameContains),
        filter.limit,
      ],
    );
  }

  /** Deleted ones too; the caller looks at `isDeleted`. */
  async findVisible(userId: number, id: number): Promise<PersonaView | undefined> {
    const [persona] = await this.database.query<PersonaView>(
      `SELECT ${VIEW_COLUMNS} ${FROM_VISIBLE_PERSONAS} ${JOIN_CURRENT_VERSION} WHERE p.id = $2`,
      [userId, id],
    );
    return persona;
  }

  /**
   * Locks the persona until the transaction ends, then reads it. Two statements: one that waits for a lock would join the row it
   * waited for with versions as they were before, and find none.
   */
  async lockVisible(userId: number, id: number): Promise<PersonaView | undefined> {
    await this.database.query(`SELECT p.id ${FROM_VISIBLE_PERSONAS} WHERE p.id = $2 FOR UPDATE OF p`, [userId, id]);
    return this.findVisible(userId, id);
  }

  async isMember(userId: number, workspaceId: number): Promise<boolean> {
    const rows = await this.database.query(`SELECT 1 FROM workspace_members WHERE workspace_id = $2 AND user_id = $1`, [
      userId,
      workspaceId,
    ]);
    return rows.length > 0;
  }

  /** Needs its version 1 in the same transaction. Returns the id. */
  async create(persona: { workspaceId: number; ownerId: number; visibility: Visibility }): Promise<number> {
    const [row] = await this.database.query<{ id: number }>(
      `INSERT INTO personas (workspace_id, owner_id, visibility, published_by) VALUES ($1, $2, $3, $2) RETURNING id`,
      [persona.workspaceId, persona.ownerId, persona.visibility],
    );
    if (row === undefined) throw new Error('The persona was not made.');
    return row.id;
  }

  /** For a persona that this transaction has locked for an editor. A trigger writes down when which version began to count. */
  async save(
    id: number,
    changes: { currentVersion: number; visibility: Visibility; publishedBy: number },
  ): Promise<void> {
    await this.database.query(
      `UPDATE personas SET current_version = $2, visibility = $3, updated_at = now(),
         published_by = CASE WHEN current_version = $2 THEN published_by ELSE $4 END
       WHERE id = $1`,
      [id, changes.currentVersion, changes.visibility, changes.publishedBy],
    );
  }

  /** For a persona that this transaction has locked for an editor. No number is given out twice, also when its version is deleted. */
  async takeVersionNumber(id: number): Promise<number> {
    const [row] = await this.database.query<{ last_version: number }>(
      `UPDATE personas SET last_version = greatest(last_version, current_version) + 1 WHERE id = $1 RETURNING last_version`,
      [id],
    );
    return row!.last_version;
  }

  /** For a persona that this transaction has locked for an editor. */
  async markDeleted(id: number): Promise<void> {
    await this.database.query(`UPDATE personas SET deleted_at = now(), updated_at = now() WHERE id = $1`, [id]);
  }

  /** Not scoped: for the turn engine, which answers for whoever wrote. Nothing when the persona is deleted. */
  async currentVersion(id: number): Promise<PersonaVersionSnapshot | undefined> {
    const [snapshot] = await this.database.query<PersonaVersionSnapshot>(
      `SELECT ${SNAPSHOT_COLUMNS} FROM personas p ${JOIN_CURRENT_VERSION} WHERE p.id = $1 AND p.deleted_at IS NULL`,
      [id],
    );
    return snapshot;
  }

  /** Not scoped: for the turn engine. */
  async version(id: number, version: number): Promise<PersonaVersionSnapshot | undefined> {
    const [snapshot] = await this.database.query<PersonaVersionSnapshot>(
      `SELECT ${SNAPSHOT_COLUMNS} FROM personas p JOIN persona_versions v ON v.persona_id = p.id WHERE p.id = $1 AND v.version = $2`,
      [id, version],
    );
    return snapshot;
  }
}
