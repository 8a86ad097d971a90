import type { MessageStatus } from '../persistence/message.entity';
import type { MessageRow } from '../persistence/rows';

const iso = (value: Date | string): string => new Date(value).toISOString();

/** One message of a conversation. */
export class MessageResponse {
  /** @example 2 */
  id: number;

  /** Place in the conversation: 1, 2, 3 …
   * @example 2 */
  seq: number;

  /** @example 1 */
  conversation_id: number;

  /** @example assistant */
  role: 'user' | 'assistant';

  /** @example "Hey there! I am doing great, thanks for asking! How about you?" */
  content: string;

  /** `sent` (by the user), `completed`, `truncated` (cut at the length limit) or `fallback` (no answer could be had; see `error_code`).
   * @example completed */
  status: MessageStatus;

  /** Replies: the turn that it answers.
   * @example 1 */
  turn_id?: number;

  /** Replies: the version of the persona that answered.
   * @example 1 */
  persona_version_id?: number | null;

  /** Replies: total tokens of the call that answered; null when the upstream did not say.
   * @example 25 */
  tokens_used?: number | null;

  /** Replies: the model that answered.
   * @example gpt-6-luna */
  model_used?: string | null;

  /** Replies: the model that was asked for first, when it could not answer and a fallback model of the persona did; null otherwise.
   * @example null */
  fallback_from?: string | null;

  /** Replies: milliseconds from the message to the reply.
   * @example 1200 */
  response_time_ms?: number | null;

  /** Fallback replies: why there is no answer.
   * @example UPSTREAM.RATE_LIMITED */
  error_code?: string | null;

  /** @example 2026-11-21T12:05:01.000Z */
  created_at: string;

  static from(row: MessageRow): MessageResponse {
    const common = {
      id: row.id,
      seq: row.seq,
      conversation_id: row.conversation_id,
      role: row.role,
      content: row.content,
      status: row.status,
      created_at: iso(row.created_at),
    };
    if (row.role === 'user') return common;
    return {
      ...common,
      turn_id: row.turn_id ?? undefined,
      persona_version_id: row.persona_version_id,
      tokens_used: row.tokens_used,
      model_used: row.model_used,
      fallback_from: row.fallback_from,
      response_time_ms: row.response_time_ms,
      error_code: row.error_code,
    };
  }
}

/** A page of messages in ascending order. */
export class MessageListResponse {
  messages: MessageResponse[];

  /** There are more in the direction that was asked for.
   * @example false */
  has_more: boolean;

  /** Pass it as `before_seq` for the page before this one; null when there is none.
   * @example null */
  next_before_seq: number | null;

  /** Pass it as `after_seq` for what comes after this page; null when the page is empty.
   * @example 2 */
  next_after_seq: number | null;
}
