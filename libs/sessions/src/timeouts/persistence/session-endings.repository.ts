import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { SessionEndReason, SessionKind, SummaryStatus } from '../../session';

/** A session that has just ended. */
export interface EndedSession {
  id: number;
  kind: SessionKind;
  conversationId: number;
  summaryStatus: SummaryStatus;
}

const DEADLINE = `greatest(c.updated_at, s.started_at, s.reopened_at) + s.timeout_ms * interval '1 millisecond'`;
/** Somebody waits for an answer, or one is being written; or people have the conversation, or are to take it: they may take longer. */
const IS_BUSY = `(c.owner = 'human' OR EXISTS (SELECT 1 FROM turns t WHERE t.conversation_id = c.id AND t.finished_at IS NULL)
  OR EXISTS (SELECT 1 FROM escalations e WHERE e.conversation_id = c.id AND e.status IN ('open', 'claimed')))`;

/**
 * The conversation is locked first, as whoever deletes it does. It takes no message from then on: the very condition that a message is
 * accepted under, so nothing comes in between.
 */
const end = (condition: string, lock: string): string => `WITH locked AS (
    SELECT c.id, c.last_seq, c.message_count FROM sessions s JOIN conversations c ON c.id = s.conversation_id
    WHERE s.id = ANY ($1::bigint[]) AND s.status = 'active' AND ${condition} ORDER BY c.id FOR NO KEY UPDATE OF c ${lock}
  ), closed AS (
    UPDATE conversations SET is_active = false WHERE id IN (SELECT id FROM locked)
  )
  UPDATE sessions s SET status = 'ended', end_reason = $2, ended_at = now(), summary_attempts = 0, summary_revision = summary_revision + 1,
    summary_not_before = now(),
    summary_status = CASE WHEN $3 AND s.kind = 'coaching' AND locked.message_count > 0 AND locked.last_seq > s.summary_seq THEN 'pending'
      ELSE s.summary_status END
  FROM locked WHERE s.conversation_id = locked.id AND s.status = 'active'
  RETURNING s.id, s.kind, s.conversation_id AS "conversationId", s.summary_status AS "summaryStatus"`;

const END = end('true', '');
/** Who is at the conversation right now keeps it alive. */
const END_OVERDUE = end(`${DEADLINE} <= now() AND NOT ${IS_BUSY}`, 'SKIP LOCKED');

/** The end of sessions and their beginning anew, whoever asks for it. */
@Injectable()
export class SessionEndingsRepository {
  constructor(private readonly database: Database) {}

  /** Undefined when it has ended before. @param summarises a summary is wanted where there is something new to sum up */
  async end(id: number, reason: SessionEndReason, summarises: boolean): Promise<EndedSession | undefined> {
    const [row] = await this.database.query<EndedSession>(END, [[id], reason, summarises]);
    return row;
  }

  /** Ends those in which really nothing was said for too long, and nothing is being answered. */
  async endOverdue(ids: readonly number[], summarises: boolean): Promise<EndedSession[]> {
    return this.database.query<EndedSession>(END_OVERDUE, [ids, 'timeout', summarises]);
  }

  /**
   * Looks at the sessions whose time to look at has come, the most overdue first. Those that are alive are looked at again when they could
   * be overdue next; those that wait for people less and less often, for they may wait for days.
   * @param busyMs when to look again at one that is being answered
   * @returns how many it has looked at, and which of them are overdue
   */
  async findOverdue(limit: number, busyMs: number): Promise<{ seen: number; overdue: number[] }> {
    const rows = await this.database.query<{ id: number; isOverdue: boolean }>(
      `WITH due AS (
         SELECT s.id, ${DEADLINE} AS deadline, ${IS_BUSY} AS is_busy
         FROM sessions s JOIN conversations c ON c.id = s.conversation_id
         WHERE s.status = 'active' AND s.check_at <= now() ORDER BY s.check_at LIMIT $1 FOR NO KEY UPDATE OF s SKIP LOCKED
       ), postponed AS (
         UPDATE sessions s SET check_at = CASE WHEN due.deadline > now() THEN due.deadline
           ELSE now() + greatest($2 * interval '1 millisecond', least((now() - due.deadline) / 10, interval '1 hour')) END
         FROM due WHERE s.id = due.id
       )
       SELECT id, deadline <= now() AND NOT is_busy AS "isOverdue" FROM due`,
      [limit, busyMs],
    );
    return { seen: rows.length, overdue: rows.filter(({ isOverdue }) => isOverdue).map(({ id }) => id) };
  }

  /** False when it is active anyhow. A summary stays until the next one. */
  async reopen(id: number): Promise<boolean> {
    const rows = await this.database.query(
      `WITH opened AS (
         UPDATE conversations c SET is_active = true FROM sessions s WHERE s.id = $1 AND s.status = 'ended' AND c.id = s.conversation_id
         RETURNING c.id
       )
       UPDATE sessions s SET status = 'active', end_reason = NULL, ended_at = NULL, reopened_at = now(),
         check_at = now() + s.timeout_ms * interval '1 millisecond', summary_revision = summary_revision + 1,
         summary_status = CASE WHEN s.summary_status IN ('pending', 'failed')
           THEN CASE WHEN s.summary IS NULL THEN 'none' ELSE 'written' END ELSE s.summary_status END
       FROM opened WHERE s.conversation_id = opened.id AND s.status = 'ended' RETURNING s.id`,
      [id],
    );
    return rows.length > 0;
  }
}
