import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** The workspace that every installation has. */
@Injectable()
export class DefaultWorkspaceRepository {
  constructor(private readonly database: Database) {}

  /** With the persona that came along, or else the oldest that is shared in it. */
  async find(): Promise<{ workspaceId: number; personaId: number } | undefined> {
    const [row] = await this.database.query<{ workspaceId: number; personaId: number }>(
      `SELECT w.id AS "workspaceId", p.id AS "personaId" FROM workspaces w JOIN personas p ON p.workspace_id = w.id
       WHERE w.is_default AND p.deleted_at IS NULL AND p.visibility = 'workspace' ORDER BY p.is_default_support DESC, p.id LIMIT 1`,
    );
    return row;
  }
}
