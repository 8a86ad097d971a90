import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SealedMessages } from './sealed-messages';
import { FORGET } from './summaries.repository';
import type { BegunTurn, FinishResult, ModelChoice, Outcome } from './turn-work';

/** Empty when the lease ($1, $2) is not ours any more; else nobody takes it before the end of the transaction. */
const OUR_LEASE = `lease AS (SELECT 1 FROM conversation_leases WHERE conversation_id = $1 AND token = $2 FOR UPDATE)`;

/** A turn that was cancelled meanwhile does not wait for its pause to be told so. */
const AFTER_PAUSE = `now() + CASE WHEN cancel_requested_at IS NULL THEN $4 ELSE 0 END * interval '1 millisecond'`;

/** How attempts end. Each change names the fencing token and changes nothing when the lease has gone to somebody else. */
@Injectable()
export class AttemptEndingsRepository {
  constructor(
    private readonly database: Database,
    private readonly sealed: SealedMessages,
  ) {}

  /**
   * The reply and the turn's end, together; and the end of the lease, unless something was written after this turn's message. An alternative
   * takes the place of its older siblings. 'not-ours' when the lease or the turn is not ours any more; nothing is written then.
   */
  async finish(turn: BegunTurn, token: number, outcome: Outcome): Promise<FinishResult> {
    const { message } = outcome;
    const stored = this.sealed.toStore(turn.replyId, message);
    const [row] = await this.database.query<{ status: Outcome['status']; isReleased: boolean }>(
      // The conversation before its turns, like whoever sends a message: PostgreSQL waits for a turn that is being changed when its key is used again.
      `WITH ${OUR_LEASE}, held AS (
         SELECT 1 FROM conversations WHERE id = $1 AND EXISTS (SELECT 1 FROM lease) FOR NO KEY UPDATE
       ), finished AS (
         UPDATE turns SET status = CASE WHEN cancel_requested_at IS NULL THEN $4 ELSE 'cancelled' END,
           error_code = CASE WHEN cancel_requested_at IS NULL THEN $5::varchar END, finished_at = now(), last_event = $13,
           escalation_reason = CASE WHEN cancel_requested_at IS NULL THEN $22::varchar END,
           is_current = is_current OR ($7 <> 'fallback' AND $8 <> '')
         WHERE id = $3 AND status = 'running' AND attempt = $6 AND EXISTS (SELECT 1 FROM held)
         RETURNING user_seq, user_message_id, status, is_current,
           CASE WHEN status = 'cancelled' AND ($7 = 'fallback' OR $8 = '') THEN 0 ELSE 1 END AS messages
       ), superseded AS (
         UPDATE turns SET is_current = false
         WHERE user_message_id = (SELECT user_message_id FROM finished WHERE is_current) AND id <> $3 AND is_current RETURNING user_seq
       ), forgotten AS (
         UPDATE conversation_summaries SET ${FORGET('(SELECT min(user_seq) FROM superseded)')}
         WHERE conversation_id = $1 AND EXISTS (SELECT 1 FROM superseded)
       ), conversation AS (
         UPDATE conversations SET last_seq = last_seq + finished.messages, message_count = message_count + finished.messages, updated_at = now()
         FROM finished WHERE id = $1
         RETURNING id, workspace_id, last_seq, has_alternatives, user_seq, messages, status
       ), released AS (
         UPDATE conversation_leases SET expires_at = '-infinity'
         WHERE conversation_id = $1 AND token = $2
           AND EXISTS (SELECT 1 FROM conversation WHERE last_seq = user_seq + messages AND NOT has_alternatives) RETURNING 1
       ), reply AS (
         INSERT INTO messages (id, workspace_id, conversation_id, seq, role, status, content, turn_id, persona_version_id, tokens_used, model_used,
           response_time_ms, error_code, usage, tool_calls, citations, fallback_from, cached, encryption_key, confidence)
         SELECT coalesce($19::bigint, nextval('messages_id_seq')), workspace_id, id, last_seq, 'assistant', CASE WHEN status = 'cancelled' THEN status ELSE $7 END, $8, $3, $9, $10, $11, $12,
           CASE WHEN status <> 'cancelled' THEN $5::varchar END, $14::jsonb,
           $15::jsonb, $16::jsonb, $17, $18, $20, $21::real FROM conversation WHERE messages > 0
       )
       SELECT status, EXISTS (SELECT 1 FROM released) AS "isReleased" FROM conversation`,
      [
        turn.conversationId,
        token,
        turn.turnId,
        outcome.status,
        outcome.errorCode,
        turn.attempt,
        message.status,
        stored.content,
        message.personaVersionId,
        message.tokensUsed,
        message.modelUsed,
        message.responseTimeMs,
        outcome.lastEvent,
        message.usage === null ? null : JSON.stringify(message.usage),
        stored.toolCalls,
        stored.citations,
        message.fallbackFrom ?? null,
        message.isCached ?? false,
        turn.replyId,
        stored.encryptionKey,
        message.confidence ?? null,
        outcome.escalationReason ?? null,
      ],
    );
    return row ?? 'not-ours';
  }

  /**
   * How this very attempt has ended the turn, undefined when it has not: the answer to a commit can get lost with the connection. Only a
   * reply tells who cancelled a turn: somebody else makes none.
   */
  async wasFinished(turn: BegunTurn): Promise<Outcome['status'] | undefined> {
    const [row] = await this.database.query<{ status: Outcome['status'] }>(
      `SELECT t.status FROM turns t JOIN messages reply ON reply.turn_id = t.id WHERE t.id = $1 AND t.attempt = $2 AND t.finished_at IS NOT NULL`,
      [turn.turnId, turn.attempt],
    );
    return row?.status;
  }

  /** Puts the turn back for another attempt after a pause. Pause and model are in the row: losing the queue, or this process, does not lose them. */
  async postpone(turn: BegunTurn, token: number, delayMs: number, model: ModelChoice = turn): Promise<boolean> {
    const rows = await this.database.query(
      `WITH ${OUR_LEASE}
       UPDATE turns SET status = 'pending', not_before = ${AFTER_PAUSE}, model_index = $6, spent_attempts = $7
       WHERE id = $3 AND status = 'running' AND attempt = $5 AND EXISTS (SELECT 1 FROM lease) RETURNING id`,
      [turn.conversationId, token, turn.turnId, delayMs, turn.attempt, model.modelIndex, model.spentAttempts],
    );
    return rows.length > 0;
  }

  /** Puts the turn back because no call may be made now. Nothing was sent, so the attempt that was begun has not happened. */
  async holdBack(turn: BegunTurn, token: number, delayMs: number): Promise<boolean> {
    const rows = await this.database.query(
      `WITH ${OUR_LEASE}
       UPDATE turns SET status = 'pending', attempt = attempt - 1, held_ms = least(held_ms::bigint + $4, 2147483647),
         not_before = ${AFTER_PAUSE}
       WHERE id = $3 AND status = 'running' AND attempt = $5 AND EXISTS (SELECT 1 FROM lease) RETURNING id`,
      [turn.conversationId, token, turn.turnId, delayMs, turn.attempt],
    );
    return rows.length > 0;
  }

  async putBack(turn: BegunTurn, token: number): Promise<boolean> {
    const rows = await this.database.query(
      `WITH ${OUR_LEASE}
       UPDATE turns SET status = 'pending', returned_attempts = returned_attempts + 1
       WHERE id = $3 AND status = 'running' AND attempt = $4 AND EXISTS (SELECT 1 FROM lease) RETURNING id`,
      [turn.conversationId, token, turn.turnId, turn.attempt],
    );
    return rows.length > 0;
  }

  async beginExtraAttempt(turn: BegunTurn, token: number): Promise<number | null> {
    const [row] = await this.database.query<{ attempt: number }>(
      `WITH ${OUR_LEASE}
       UPDATE turns SET attempt = attempt + 1, spent_attempts = spent_attempts + 1
       WHERE id = $3 AND status = 'running' AND attempt = $4 AND EXISTS (SELECT 1 FROM lease) RETURNING attempt`,
      [turn.conversationId, token, turn.turnId, turn.attempt],
    );
    return row?.attempt ?? null;
  }
}
