import type { EscalationStatus } from '@app/contracts';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { isOfTeam } from './team.sql';

/** An escalation as far as following it needs. */
export interface FollowedEscalation {
  id: number;
  conversationId: number;
  workspaceId: number;
  status: EscalationStatus;
  assignedTo: number | null;
  /** Last message when it ended; null until then. */
  endedSeq: number | null;
  /** Newest message of its conversation. While it has not ended, all up to it are the team's to see. */
  lastSeq: number;
}

/** An escalation is over. */
export interface EscalationEnd {
  id: number;
  status: 'resolved' | 'returned';
  /** Kind of the first trigger, or `manual`. */
  reason: string;
  /** The last message that the team sees. */
  endedSeq: number;
}

/** Somebody follows an escalation of this workspace. */
export interface FollowedPlace {
  escalationId: number;
  workspaceId: number;
  userId: number;
}

/** Somebody and a workspace of whose team they are. */
export type TeamPlace = Pick<FollowedPlace, 'workspaceId' | 'userId'>;

/** What sockets of a team ask, one look into the primary keys for each escalation. */
@Injectable()
export class FollowedEscalationsRepository {
  constructor(private readonly database: Database) {}

  /** Undefined for those who are not of its team. */
  async find(id: number, userId: number): Promise<FollowedEscalation | undefined> {
    const [row] = await this.database.query<FollowedEscalation>(
      `SELECT e.id, e.conversation_id AS "conversationId", e.workspace_id AS "workspaceId", e.status, e.assigned_to AS "assignedTo",
         e.ended_seq AS "endedSeq", c.last_seq AS "lastSeq"
       FROM escalations e JOIN conversations c ON c.id = e.conversation_id WHERE e.id = $1 AND ${isOfTeam('e.workspace_id', '$2')}`,
      [id, userId],
    );
    return row;
  }

  /** Those of these that are over. */
  endsAmong(ids: readonly number[]): Promise<EscalationEnd[]> {
    return this.database.query(
      `SELECT id, status, reason, ended_seq AS "endedSeq" FROM escalations WHERE id = ANY($1::bigint[]) AND ended_seq IS NOT NULL`,
      [ids],
    );
  }

  /** Which of these, by their place, are not there any more or not for that person. */
  async lostAmong(places: readonly FollowedPlace[]): Promise<number[]> {
    const rows = await this.database.query<{ place: number }>(
      `SELECT asked.place::integer AS place
       FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS asked (escalation_id, workspace_id, user_id, place)
       LEFT JOIN LATERAL (
         -- One look into the index for each; a plain join might read the whole table.
         SELECT e.workspace_id FROM escalations e WHERE e.id = asked.escalation_id LIMIT 1
       ) e ON true
       WHERE e.workspace_id IS DISTINCT FROM asked.workspace_id OR NOT ${isOfTeam('asked.workspace_id', 'asked.user_id')}`,
      [
        places.map(({ escalationId }) => escalationId),
        places.map(({ workspaceId }) => workspaceId),
        places.map(({ userId }) => userId),
      ],
    );
    return rows.map(({ place }) => place - 1);
  }

  /** Which of these, by their place, are not of that team any more. */
  async strangersAmong(places: readonly TeamPlace[]): Promise<number[]> {
    const rows = await this.database.query<{ place: number }>(
      `SELECT asked.place::integer AS place
       FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS asked (workspace_id, user_id, place)
       WHERE NOT ${isOfTeam('asked.workspace_id', 'asked.user_id')}`,
      [places.map(({ workspaceId }) => workspaceId), places.map(({ userId }) => userId)],
    );
    return rows.map(({ place }) => place - 1);
  }
}
