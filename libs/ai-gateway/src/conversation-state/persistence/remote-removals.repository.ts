import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** A remote conversation that is to be deleted. */
export interface Removal {
  id: number;
  openaiConversationId: string;
  upstream: string;
  /** This one included. */
  attempts: number;
  ageSeconds: number;
}

export interface RemovalBacklog {
  waiting: number;
  /** Those that have failed several times. */
  failing: number;
}

/** From here on it is no passing trouble. */
const FAILING_FROM_ATTEMPTS = 5;

/** The outbox of remote conversations that nothing here refers to any more; filled by triggers on `conversations`. */
@Injectable()
export class RemoteRemovalsRepository {
  constructor(private readonly database: Database) {}

  async add(openaiConversationId: string, upstream: string): Promise<void> {
    await this.database.query(
      `INSERT INTO openai_conversation_removals (openai_conversation_id, upstream) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
      [openaiConversationId, upstream],
    );
  }

  /**
   * Takes what is due: whoever else looks finds it postponed, by 30 s after the first try, twice as long after each further one, at most 6 h.
   * A process that dies with them leaves them to the next try.
   */
  async takeDue(limit: number): Promise<Removal[]> {
    return this.database.query<Removal>(
      `UPDATE openai_conversation_removals SET attempts = attempts + 1,
         not_before = now() + least(interval '6 hours', interval '30 seconds' * power(2, least(attempts, 20)))
       WHERE id IN (SELECT id FROM openai_conversation_removals WHERE not_before <= now() ORDER BY not_before, id LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING id, openai_conversation_id AS "openaiConversationId", upstream, attempts,
         least(extract(epoch FROM now() - created_at), 2147483647)::integer AS "ageSeconds"`,
      [limit],
    );
  }

  /** One that is not taken yet, by its id; for removing at once what a person asked for. */
  async take(openaiConversationId: string): Promise<Removal | undefined> {
    const [row] = await this.database.query<Removal>(
      `UPDATE openai_conversation_removals SET attempts = attempts + 1, not_before = now() + interval '30 seconds'
       WHERE openai_conversation_id = $1
       RETURNING id, openai_conversation_id AS "openaiConversationId", upstream, attempts, 0 AS "ageSeconds"`,
      [openaiConversationId],
    );
    return row;
  }

  async done(id: number): Promise<void> {
    await this.database.query(`DELETE FROM openai_conversation_removals WHERE id = $1`, [id]);
  }

  async failed(id: number, code: string): Promise<void> {
    await this.database.query(`UPDATE openai_conversation_removals SET last_error = $2 WHERE id = $1`, [
      id,
      code.slice(0, 60),
    ]);
  }

  async backlog(): Promise<RemovalBacklog> {
    const [row] = await this.database.query<RemovalBacklog>(
      `SELECT count(*) AS waiting, count(*) FILTER (WHERE attempts >= ${FAILING_FROM_ATTEMPTS}) AS failing FROM openai_conversation_removals`,
    );
    return row!;
  }
}
