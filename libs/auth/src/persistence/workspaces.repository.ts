import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type WorkspaceKind } from './workspace.entity';
import { type WorkspaceRole } from './workspace-member.entity';

/** A workspace as one of its members sees it. */
export interface MembershipView {
  id: number;
  name: string;
  kind: WorkspaceKind;
  role: WorkspaceRole;
}

/** Most workspaces that one answer lists. */
const MAX_LISTED = 200;

@Injectable()
export class WorkspacesRepository {
  constructor(private readonly database: Database) {}

  /** Makes the user's personal workspace, with them as its owner; returns its id. */
  async createPersonal(userId: number, name: string): Promise<number> {
    const [row] = await this.database.query<{ id: number }>(
      `WITH made AS (INSERT INTO workspaces (kind, name, personal_user_id) VALUES ('personal', $2, $1) RETURNING id)
       INSERT INTO workspace_members (workspace_id, user_id, role) SELECT id, $1, 'owner' FROM made RETURNING workspace_id AS id`,
      [userId, name],
    );
    if (row === undefined) throw new Error('The personal workspace was not made.');
    return row.id;
  }

  async joinDefaultAsOwner(userId: number): Promise<void> {
    await this.database.query(
      `INSERT INTO workspace_members (workspace_id, user_id, role) SELECT id, $1, 'owner' FROM workspaces WHERE is_default
       ON CONFLICT (workspace_id, user_id) DO UPDATE SET role = 'owner'`,
      [userId],
    );
  }

  /** The user's workspaces, the personal one first. */
  listOf(userId: number): Promise<MembershipView[]> {
    return this.database.query<MembershipView>(
      `SELECT w.id, w.name, w.kind, m.role FROM workspace_members m JOIN workspaces w ON w.id = m.workspace_id
       WHERE m.user_id = $1 ORDER BY (w.kind = 'personal') DESC, w.id LIMIT ${MAX_LISTED}`,
      [userId],
    );
  }
}
