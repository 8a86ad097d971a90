import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { SupportAgent } from '../escalation';
import type { Assignment } from './escalation-changes.repository';
import { isAgent } from './team.sql';

/** What somebody may do for a workspace. */
export interface TeamRole {
  isOwner: boolean;
  isAgent: boolean;
}

export interface AgentChoices {
  isAvailable?: boolean;
  capacity?: number;
  skills?: string[];
}

const LOAD = `(SELECT count(*) FROM escalations e WHERE e.assigned_to = a.user_id AND e.workspace_id = a.workspace_id AND e.status IN ('open', 'claimed'))::integer`;
const AGENT = `a.workspace_id AS "workspaceId", a.user_id AS "userId", a.is_available AS "isAvailable", a.capacity, a.skills, ${LOAD} AS load`;
/** Whoever has left the workspace is no agent of it. */
const AGENTS = `FROM support_agents a JOIN workspace_members m ON m.workspace_id = a.workspace_id AND m.user_id = a.user_id`;

/** Whether somebody had it when its time ran out. Only the few that are overdue have to be looked up. */
const HAS_LAPSED = `CASE WHEN e.overdue_at IS NULL THEN false ELSE EXISTS (
  SELECT 1 FROM escalation_events v WHERE v.escalation_id = e.id AND v.kind = 'overdue' AND v.target_id = agents.user_id) END`;

/** People who take over, and to whom what waits is assigned. */
@Injectable()
export class AgentsRepository {
  constructor(private readonly database: Database) {}

  /** Undefined for strangers. */
  async roleOf(workspaceId: number, userId: number): Promise<TeamRole | undefined> {
    const [row] = await this.database.query<TeamRole>(
      `SELECT m.role = 'owner' AS "isOwner", ${isAgent('$1', '$2')} AS "isAgent"
       FROM workspace_members m WHERE m.workspace_id = $1 AND m.user_id = $2`,
      [workspaceId, userId],
    );
    return row;
  }

  /** By user, one more than `limit` if there is more. */
  list(workspaceId: number, limit: number, afterUserId: number): Promise<SupportAgent[]> {
    return this.database.query<SupportAgent>(
      `SELECT ${AGENT} ${AGENTS} WHERE a.workspace_id = $1 AND a.user_id > $3 ORDER BY a.user_id LIMIT $2`,
      [workspaceId, limit + 1, afterUserId],
    );
  }

  async find(workspaceId: number, userId: number): Promise<SupportAgent | undefined> {
    const [row] = await this.database.query<SupportAgent>(
      `SELECT ${AGENT} ${AGENTS} WHERE a.workspace_id = $1 AND a.user_id = $2`,
      [workspaceId, userId],
    );
    return row;
  }

  /** Makes a member an agent, or changes one. What is left out stays, or gets its default. Undefined when the user is no member. */
  async save(workspaceId: number, userId: number, choices: AgentChoices): Promise<SupportAgent | undefined> {
    const [row] = await this.database.query<SupportAgent>(
      `INSERT INTO support_agents AS a (workspace_id, user_id, is_available, capacity, skills)
       SELECT workspace_id, user_id, coalesce($3::boolean, false), coalesce($4::integer, 5), coalesce($5::text[], '{}')
       FROM workspace_members WHERE workspace_id = $1 AND user_id = $2
       ON CONFLICT (workspace_id, user_id) DO UPDATE SET is_available = coalesce($3::boolean, a.is_available),
         capacity = coalesce($4::integer, a.capacity), skills = coalesce($5::text[], a.skills), updated_at = now()
       RETURNING ${AGENT}`,
      [workspaceId, userId, choices.isAvailable ?? null, choices.capacity ?? null, choices.skills ?? null],
    );
    return row;
  }

  async remove(workspaceId: number, userId: number): Promise<boolean> {
    const rows = await this.database.query(
      `DELETE FROM support_agents WHERE workspace_id = $1 AND user_id = $2 RETURNING user_id`,
      [workspaceId, userId],
    );
    return rows.length > 0;
  }

  /** Until the end of the transaction nobody else assigns anything in the workspace. */
  async lockAssignments(workspaceId: number): Promise<void> {
    await this.database.query(`SELECT pg_advisory_xact_lock(hashtext('escalations.assign'), $1::integer)`, [
      workspaceId % 2_147_483_647,
    ]);
  }

  /**
   * Gives what waits to people who are available, have the skill and room for more: the most urgent first, each to whoever has least, and to somebody
   * who has let it lapse only where there is nobody else; never to the one from whom it has just come back, or whose conversation it is. One process of all does it at a time.
   * @returns what was assigned
   */
  async assignWaiting(workspaceId: number, limit: number): Promise<Assignment[]> {
    return this.database.transaction(async () => {
      await this.lockAssignments(workspaceId);
      const assigned: Assignment[] = [];
      for (let count = 0; count < limit; count += 1) {
        const [row] = await this.database.query<Assignment>(
          `WITH agents AS MATERIALIZED (
             SELECT a.user_id, a.skills, ${LOAD} AS load, a.capacity ${AGENTS} WHERE a.workspace_id = $1 AND a.is_available
           ), next AS (
             SELECT e.id, agent.user_id FROM escalations e CROSS JOIN LATERAL (
               SELECT user_id FROM agents WHERE load < capacity AND (e.skill IS NULL OR e.skill = ANY (skills))
                 AND user_id IS DISTINCT FROM e.queued_from
                 AND user_id <> (SELECT c.user_id FROM conversations c WHERE c.id = e.conversation_id)
               ORDER BY ${HAS_LAPSED}, load, user_id LIMIT 1
             ) agent
             WHERE e.workspace_id = $1 AND e.status = 'open' AND e.assigned_to IS NULL
             ORDER BY -e.priority, e.id LIMIT 1 FOR UPDATE OF e SKIP LOCKED
           )
           UPDATE escalations e SET assigned_to = next.user_id, updated_at = now() FROM next WHERE e.id = next.id
           RETURNING e.id AS "escalationId", e.assigned_to AS "userId"`,
          [workspaceId],
        );
        if (row === undefined) break;
        assigned.push(row);
      }
      return assigned;
    });
  }

  /** Workspaces in which something waits for nobody yet, and somebody is there. */
  async workspacesWithWaiting(limit: number): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `SELECT there.workspace_id AS id FROM (SELECT DISTINCT a.workspace_id FROM support_agents a WHERE a.is_available) there
       CROSS JOIN LATERAL (
         SELECT 1 FROM escalations e WHERE e.workspace_id = there.workspace_id AND e.status = 'open' AND e.assigned_to IS NULL LIMIT 1
       ) waiting LIMIT $1`,
      [limit],
    );
    return rows.map(({ id }) => id);
  }
}
