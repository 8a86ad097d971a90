import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

export interface CachedAnswer {
  content: string;
  /** The model that wrote it. */
  model: string;
  /** 0 to 1; null when the model did not say how sure it was. */
  confidence: number | null;
}

/** Two keys of one answer: which one counts is up to the persona's visibility when the statement runs. */
export interface AnswerKeys {
  personaId: number;
  ownKey: Buffer;
  sharedKey: Buffer;
}

export interface NewCachedAnswer extends AnswerKeys, CachedAnswer {
  ttlSeconds: number;
  /** The turn that it was the reply of, and the attempt that wrote it. */
  turnId: number;
  attempt: number;
}

const KEY_IN_FORCE = `CASE WHEN EXISTS (SELECT 1 FROM personas p WHERE p.id = $1 AND p.visibility = 'workspace') THEN $2::bytea ELSE $3::bytea END`;

/** Answers that may be given again. What they were made of is erased with them: see `forget` in the conversations' library, and the foreign key. */
@Injectable()
export class CachedAnswersRepository {
  constructor(private readonly database: Database) {}

  async find({ personaId, ownKey, sharedKey }: AnswerKeys): Promise<CachedAnswer | undefined> {
    const [row] = await this.database.query<CachedAnswer>(
      `SELECT content, model, confidence FROM cached_answers WHERE key = ${KEY_IN_FORCE} AND expires_at > now()`,
      [personaId, sharedKey, ownKey],
    );
    return row;
  }

  /**
   * After `finish` in its transaction: only what has become the reply is kept, and nothing that was made of a message which was erased meanwhile (the erasing
   * transaction, whose beginning `deleted_at` tells, may have waited). An answer to the same request takes the place of the one before.
   */
  async store(answer: NewCachedAnswer): Promise<void> {
    await this.database.query(
      `INSERT INTO cached_answers AS c (key, workspace_id, conversation_id, user_seq, content, model, expires_at, confidence)
       SELECT ${KEY_IN_FORCE}, workspace_id, conversation_id, user_seq, $4, $5, now() + $6 * interval '1 second', $9::real
       FROM turns t WHERE id = $7 AND attempt = $8 AND status = 'completed'
         AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = t.conversation_id
           AND m.deleted_at > t.created_at - interval '1 minute')
       ON CONFLICT (key) DO UPDATE SET conversation_id = excluded.conversation_id, user_seq = excluded.user_seq, content = excluded.content,
         model = excluded.model, confidence = excluded.confidence, expires_at = excluded.expires_at, created_at = now()`,
      [
        answer.personaId,
        answer.sharedKey,
        answer.ownKey,
        answer.content,
        answer.model,
        answer.ttlSeconds,
        answer.turnId,
        answer.attempt,
        answer.confidence,
      ],
    );
  }

  /** At most `limit` that have run out; returns how many there were. */
  async removeExpired(limit: number): Promise<number> {
    const rows = await this.database.query(
      `DELETE FROM cached_answers WHERE key IN (
         SELECT key FROM cached_answers WHERE expires_at <= now() ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED
       ) RETURNING 1`,
      [limit],
    );
    return rows.length;
  }

  /** Workspaces with more answers than that. Reads an index of the whole table. */
  async workspacesOver(most: number): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `SELECT workspace_id AS id FROM cached_answers GROUP BY workspace_id HAVING count(*) > $1`,
      [most],
    );
    return rows.map(({ id }) => id);
  }

  /** The oldest go, so that `most` are left. */
  async removeOldest(workspaceId: number, most: number): Promise<void> {
    await this.database.query(
      `DELETE FROM cached_answers WHERE key IN (
         SELECT key FROM cached_answers WHERE workspace_id = $1 ORDER BY created_at DESC OFFSET $2 FOR UPDATE SKIP LOCKED
       )`,
      [workspaceId, most],
    );
  }
}
