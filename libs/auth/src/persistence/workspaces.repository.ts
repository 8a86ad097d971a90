import type { ConversationState } from '@app/contracts';
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

/** With its settings. */
export interface WorkspaceView extends MembershipView {
  /** Null: the instance's default. */
  conversationState: ConversationState | null;
  createdAt: Date;
}

/** What is left out stays as it is. */
export interface WorkspaceChanges {
  name?: string;
  conversationState?: ConversationState | null;
}

const VIEW_OF_MEMBER = `SELECT w.id, w.name, w.kind, m.role, w.conversation_state AS "conversationState", w.created_at AS "createdAt"
  FROM workspace_members m JOIN workspaces w ON w.id = m.workspace_id WHERE m.user_id = $1`;

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

  listViews(userId: number): Promise<WorkspaceView[]> {
    return this.database.query<WorkspaceView>(
      `${VIEW_OF_MEMBER} ORDER BY (w.kind = 'personal') DESC, w.id LIMIT ${MAX_LISTED}`,
      [userId],
    );
  }

  async findView(userId: number, id: number): Promise<WorkspaceView | undefined> {
    const [found] = await this.database.query<WorkspaceView>(`${VIEW_OF_MEMBER} AND w.id = $2`, [userId, id]);
    return found;
  }

  /** False when the user is no owner of it. */
  async change(userId: number, id: number, changes: WorkspaceChanges): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE workspaces w SET name = coalesce($3, name), conversation_state = CASE WHEN $4 THEN $5 ELSE conversation_state END
       FROM workspace_members m WHERE w.id = $2 AND m.workspace_id = w.id AND m.user_id = $1 AND m.role = 'owner' RETURNING w.id`,
      [userId, id, changes.name ?? null, changes.conversationState !== undefined, changes.conversationState ?? null],
    );
    return rows.length > 0;
  }
}
