import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** Users without an account. */
@Injectable()
export class VisitorsRepository {
  constructor(private readonly database: Database) {}

  async find(workspaceId: number, fingerprints: readonly Buffer[]): Promise<number | undefined> {
    const [row] = await this.database.query<{ id: number }>(
      `SELECT id FROM users WHERE visits_workspace_id = $1 AND visitor_fingerprint = ANY($2::bytea[])`,
      [workspaceId, fingerprints],
    );
    return row?.id;
  }

  /** @returns its id; undefined when there is one with this fingerprint, which cannot be without one */
  async insert(workspaceId: number, fingerprint: null): Promise<number>;
  async insert(workspaceId: number, fingerprint: Buffer): Promise<number | undefined>;
  async insert(workspaceId: number, fingerprint: Buffer | null): Promise<number | undefined> {
    const [row] = await this.database.query<{ id: number }>(
      `INSERT INTO users (visits_workspace_id, visitor_fingerprint, visitor_external_id) VALUES ($1, $2, CASE WHEN $2::bytea IS NOT NULL THEN '' END)
       ON CONFLICT (visits_workspace_id, visitor_fingerprint) WHERE visits_workspace_id IS NOT NULL AND visitor_fingerprint IS NOT NULL
       DO NOTHING RETURNING id`,
      [workspaceId, fingerprint],
    );
    return row?.id;
  }

  async isProven(id: number): Promise<boolean> {
    const rows = await this.database.query(
      'SELECT 1 FROM users WHERE id = $1 AND visits_workspace_id IS NOT NULL AND visitor_fingerprint IS NOT NULL',
      [id],
    );
    return rows.length > 0;
  }

  async removeAnonymous(id: number): Promise<void> {
    await this.database.query(
      'DELETE FROM users WHERE id = $1 AND visits_workspace_id IS NOT NULL AND visitor_fingerprint IS NULL',
      [id],
    );
  }

  /** Only when nothing was said by them any more. */
  async remove(id: number): Promise<void> {
    await this.database.query(
      `DELETE FROM users WHERE id = $1 AND visits_workspace_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM conversations WHERE user_id = $1)`,
      [id],
    );
  }

  async setExternalId(id: number, encrypted: string): Promise<void> {
    await this.database.query('UPDATE users SET visitor_external_id = $2 WHERE id = $1', [id, encrypted]);
  }
}
