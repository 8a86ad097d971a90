import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** The right to write the summary of a session, for a while. */
export interface SummaryTicket {
  sessionId: number;
  conversationId: number;
  /** Of the list of goals, as it is stored. */
  goals: string[];
  /** Seq of the newest message. */
  lastSeq: number;
  /** Attempts, this one included. */
  attempts: number;
  /** Fencing token. */
  revision: number;
}

/** Held by nobody else, reopened by nobody. */
const IS_OURS = `id = $1 AND summary_revision = $2 AND summary_status = 'pending' AND status = 'ended'`;

/** Summaries of coaching sessions that have ended. */
@Injectable()
export class SessionSummariesRepository {
  constructor(private readonly database: Database) {}

  /** Undefined when there is nothing to do now: not ended, written, held by somebody, too early, or something is still being answered. */
  async claim(sessionId: number, holdMs: number): Promise<SummaryTicket | undefined> {
    const [row] = await this.database.query<SummaryTicket>(
      `UPDATE sessions s SET summary_attempts = summary_attempts + 1, summary_revision = summary_revision + 1,
         summary_not_before = now() + $2 * interval '1 millisecond'
       FROM conversations c
       WHERE s.id = $1 AND s.status = 'ended' AND s.summary_status = 'pending' AND s.summary_not_before <= now() AND c.id = s.conversation_id
         AND NOT EXISTS (SELECT 1 FROM turns t WHERE t.conversation_id = c.id AND t.finished_at IS NULL)
       RETURNING s.id AS "sessionId", s.conversation_id AS "conversationId", s.goals, c.last_seq AS "lastSeq", s.summary_attempts AS attempts,
         s.summary_revision AS revision`,
      [sessionId, holdMs],
    );
    return row;
  }

  /** False when the session was reopened meanwhile, or the ticket has run out and somebody else has one. */
  async store(ticket: SummaryTicket, summary: string): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE sessions SET summary = $3, summary_status = 'written', summary_seq = $4 WHERE ${IS_OURS} RETURNING id`,
      [ticket.sessionId, ticket.revision, summary, ticket.lastSeq],
    );
    return rows.length > 0;
  }

  /** To be tried again. @param attempts how many count from now on */
  async postpone(ticket: SummaryTicket, delayMs: number, attempts: number): Promise<void> {
    await this.database.query(
      `UPDATE sessions SET summary_not_before = now() + $3 * interval '1 millisecond', summary_attempts = $4 WHERE ${IS_OURS}`,
      [ticket.sessionId, ticket.revision, delayMs, attempts],
    );
  }

  /** `none`: an older summary stays. */
  async settle(ticket: SummaryTicket, status: 'none' | 'failed'): Promise<void> {
    await this.database.query(
      `UPDATE sessions SET summary_status = CASE WHEN $3 = 'none' AND summary IS NOT NULL THEN 'written' ELSE $3 END WHERE ${IS_OURS}`,
      [ticket.sessionId, ticket.revision, status],
    );
  }

  /** Whose job was lost, or whose pause is over. */
  async findDue(graceMs: number, limit: number): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `SELECT id FROM sessions WHERE summary_status = 'pending' AND summary_not_before < now() - $1 * interval '1 millisecond'
       ORDER BY summary_not_before LIMIT $2`,
      [graceMs, limit],
    );
    return rows.map(({ id }) => id);
  }
}
