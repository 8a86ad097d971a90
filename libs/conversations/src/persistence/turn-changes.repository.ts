import type { TurnStatus } from '@app/contracts';
import { currentTraceParent, Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** A turn that has just been ended from outside. */
export interface CancelledTurn {
  id: number;
  wasRunning: boolean;
}

export interface Alternative {
  userMessageId: number;
  idempotencyKey: string | null;
  requestHash: Buffer | null;
  correlationId: string | null;
  isWatched: boolean;
  maxPendingTurns: number;
}

/**
 * What people do to turns besides making new ones. Each method belongs into a transaction that has locked the conversation's lease
 * (`LeasesRepository.lock`): while it is locked nobody begins or ends a turn of the conversation.
 */
@Injectable()
export class TurnChangesRepository {
  constructor(private readonly database: Database) {}

  /** Cancels the open turns of a user message. When one of them was running, its lease must be revoked in the same transaction. */
  async cancelOpenTurnsOf(userMessageId: number): Promise<CancelledTurn[]> {
    return this.database.query<CancelledTurn>(
      `WITH open AS (SELECT id, status FROM turns WHERE user_message_id = $1 AND finished_at IS NULL FOR UPDATE)
       UPDATE turns t SET status = 'cancelled', finished_at = now() FROM open WHERE t.id = open.id
       RETURNING t.id, open.status = 'running' AS "wasRunning"`,
      [userMessageId],
    );
  }

  /** The same for all turns from a message on. */
  async cancelOpenTurnsFrom(conversationId: number, userSeq: number): Promise<CancelledTurn[]> {
    return this.database.query<CancelledTurn>(
      `WITH open AS (
         SELECT id, status FROM turns WHERE conversation_id = $1 AND user_seq >= $2 AND finished_at IS NULL FOR UPDATE
       )
       UPDATE turns t SET status = 'cancelled', finished_at = now() FROM open WHERE t.id = open.id
       RETURNING t.id, open.status = 'running' AS "wasRunning"`,
      [conversationId, userSeq],
    );
  }

  /** The exchanges from a message on are told differently now; they stay, and count no more. */
  async supersedeFrom(conversationId: number, userSeq: number): Promise<void> {
    await this.database.query(
      'UPDATE turns SET is_current = false WHERE conversation_id = $1 AND user_seq >= $2 AND is_current',
      [conversationId, userSeq],
    );
  }

  /** A person answers from now on: nothing that is open will be answered by a model. */
  async handOffOpenTurns(conversationId: number): Promise<CancelledTurn[]> {
    return this.database.query<CancelledTurn>(
      `WITH open AS (SELECT id, status FROM turns WHERE conversation_id = $1 AND finished_at IS NULL FOR UPDATE)
       UPDATE turns t SET status = 'handed_off', finished_at = now() FROM open WHERE t.id = open.id
       RETURNING t.id, open.status = 'running' AS "wasRunning"`,
      [conversationId],
    );
  }

  /**
   * Ends an open turn at once when nobody is running it; else asks its worker to stop, which keeps what was written so far.
   * Returns the turn's state after it; undefined when there is no such turn.
   */
  async cancel(turnId: number): Promise<{ status: TurnStatus; wasEnded: boolean } | undefined> {
    const [row] = await this.database.query<{ status: TurnStatus; wasEnded: boolean }>(
      `WITH turn AS (
         SELECT t.id, t.status, t.status = 'running' AND l.expires_at > now() AS is_running
         FROM turns t LEFT JOIN conversation_leases l ON l.conversation_id = t.conversation_id WHERE t.id = $1
       ), changed AS (
         UPDATE turns t SET cancel_requested_at = coalesce(t.cancel_requested_at, now()),
           status = CASE WHEN turn.is_running THEN t.status ELSE 'cancelled' END,
           finished_at = CASE WHEN turn.is_running THEN NULL ELSE now() END
         FROM turn WHERE t.id = turn.id AND t.finished_at IS NULL RETURNING t.status
       )
       SELECT coalesce((SELECT status FROM changed), turn.status) AS status,
         EXISTS (SELECT 1 FROM changed WHERE status = 'cancelled') AS "wasEnded" FROM turn`,
      [turnId],
    );
    return row;
  }

  /**
   * One more turn on a user's message. Undefined when the message is not part of the conversation as it is told now, is still being answered,
   * or the conversation takes nothing (`MessageIntakeService` finds out why).
   */
  async addAlternative(alternative: Alternative): Promise<{ turnId: number } | undefined> {
    const [row] = await this.database.query<{ turnId: number }>(
      `WITH conversation AS (
         UPDATE conversations c SET has_alternatives = true, updated_at = now()
         FROM messages m WHERE m.id = $1 AND c.id = m.conversation_id AND c.is_active AND c.owner = 'ai' AND m.role = 'user' AND m.deleted_at IS NULL
           AND EXISTS (SELECT 1 FROM personas p WHERE p.id = c.persona_id AND p.deleted_at IS NULL)
           AND EXISTS (SELECT 1 FROM turns t WHERE t.user_message_id = m.id AND t.is_current)
           AND NOT EXISTS (SELECT 1 FROM turns t WHERE t.user_message_id = m.id AND t.finished_at IS NULL)
           AND (SELECT count(*) FROM turns WHERE conversation_id = c.id AND finished_at IS NULL) < $6
         RETURNING c.id, c.workspace_id, m.seq
       )
       INSERT INTO turns (workspace_id, conversation_id, user_message_id, user_seq, idempotency_key, request_hash, correlation_id, is_current,
         is_watched, trace_parent)
       SELECT workspace_id, id, $1, seq, $2, $3, $4, false, $5, $7 FROM conversation RETURNING id AS "turnId"`,
      [
        alternative.userMessageId,
        alternative.idempotencyKey,
        alternative.requestHash,
        alternative.correlationId,
        alternative.isWatched,
        alternative.maxPendingTurns,
        currentTraceParent(),
      ],
    );
    return row;
  }

  /** Open turns of a conversation, oldest first. */
  async openTurns(conversationId: number): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      'SELECT id FROM turns WHERE conversation_id = $1 AND finished_at IS NULL ORDER BY user_seq, id',
      [conversationId],
    );
    return rows.map((row) => row.id);
  }
}
