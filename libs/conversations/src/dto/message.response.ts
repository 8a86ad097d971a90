import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { MessageRole, MessageStatus } from '../persistence/message.entity';
import type { FeedbackRow } from '../persistence/feedback.repository';
import type { StoredImage } from '../persistence/message-extras';
import type { MessageRow } from '../persistence/rows';
import { SystemNoteResponse } from './summary.response';

const iso = (value: Date | string): string => new Date(value).toISOString();

const toImage = (image: StoredImage): MessageImageResponse => ({
  url: image.url ?? null,
  upload_id: image.upload_id ?? null,
  detail: image.detail ?? 'auto',
});

/** Tokens of the call that made a reply. What the upstream did not say is null. */
export class MessageUsageResponse {
  /** @example 18 */
  input_tokens: number | null;
  /** @example 0 */
  cached_tokens: number | null;
  /** @example 7 */
  output_tokens: number | null;
  /** @example 0 */
  reasoning_tokens: number | null;
  /** @example 25 */
  total_tokens: number | null;
  /** Counted by us, because the reply was stopped before the upstream could say.
   * @example false */
  is_estimated: boolean;
}

/** What a person thinks of a reply. */
export class MessageFeedbackResponse {
  /** @example up */
  rating: 'up' | 'down';
  /** @example "Just what I needed." */
  comment: string | null;
}

/** What a tool of the upstream did for a reply. */
export class ToolCallResponse {
  /** @example ws_68a1c2 */
  id: string;
  /** Such as `web_search_call`, `file_search_call`, `code_interpreter_call`, `mcp_call`.
   * @example web_search_call */
  type: string;
  /** `completed`, `failed` or `incomplete`; while the reply is written also `in_progress`, `searching` and the like.
   * @example completed */
  status: string;
  /** What it was asked and what came of it, as the upstream tells, shortened to 4 kB.
   * @example {"action": {"type": "search", "query": "opening hours"}} */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  detail?: Record<string, unknown>;
}

/** A source that a reply names. */
export class CitationResponse {
  /** @example https://example.com/opening-hours */
  url: string;
  /** @example "Opening hours" */
  title: string;
  /** Where in the reply, in characters as the upstream counts them.
   * @example 10 */
  start_index: number;
  /** @example 42 */
  end_index: number;
}

/** A picture of a message. */
export class MessageImageResponse {
  /** Null for one that was uploaded.
   * @example https://example.com/cat.png */
  url: string | null;
  /** GET /chat/uploads/{upload_id} shows it; null for one that is somewhere else.
   * @example null */
  upload_id: string | null;
  /** How closely the model looks.
   * @example auto */
  detail: 'auto' | 'low' | 'high';
}

/** One message of a conversation. */
export class MessageResponse {
  /** @example 2 */
  id: number;

  /** Place in the conversation: 1, 2, 3 …
   * @example 2 */
  seq: number;

  /** @example 1 */
  conversation_id: number;

  /** `user`, `assistant` (the AI), `agent` (a person of the team who has taken over) or `system` (a notice).
   * @example assistant */
  @ApiProperty({ enum: ['user', 'assistant', 'agent', 'system'] })
  role: MessageRole;

  /** @example "Hey there! I am doing great, thanks for asking! How about you?" */
  content: string;

  /** `sent` (by the user), `completed`, `truncated` (cut at the length limit), `cancelled` (stopped; this was written until then) or `fallback` (no
   * answer could be had; see `error_code`).
   * @example completed */
  status: MessageStatus;

  /** Part of the conversation as it is told now; false for a reply that was regenerated and for a branch that an edit has replaced.
   * @example true */
  is_current: boolean;

  /** An answer that was given before to the very same request: nothing was asked, so it cost nothing.
   * @example false */
  cached: boolean;

  /** User messages: the first one of the family of edits that it belongs to; null when it is no edit.
   * @example null */
  edit_of_id?: number | null;

  /** User messages: its pictures.
   * @example [] */
  images?: MessageImageResponse[];

  /** Replies: what the upstream's tools did for it.
   * @example [] */
  tool_calls?: ToolCallResponse[];

  /** Replies: the sources that it names.
   * @example [] */
  citations?: CitationResponse[];

  /** Replies: the message that it answers.
   * @example 1 */
  replies_to_id?: number | null;

  /** Replies: the turn that it answers.
   * @example 1 */
  turn_id?: number;

  /** Replies: the version of the persona that answered.
   * @example 1 */
  persona_version_id?: number | null;

  /** Replies: total tokens of the call that answered; null when the upstream did not say.
   * @example 25 */
  tokens_used?: number | null;

  /** Replies: tokens in detail; null when nothing is known.
   */
  usage?: MessageUsageResponse | null;

  /** Replies: your opinion, when you gave one. */
  feedback?: MessageFeedbackResponse | null;

  /** Replies: the model that answered.
   * @example gpt-6-luna */
  model_used?: string | null;

  /** Replies: the model that was asked for first, when it could not answer and a fallback model of the persona did; null otherwise.
   * @example null */
  fallback_from?: string | null;

  /** Replies: how sure the model says it is, 0 to 1; null when nobody asked it, or it did not say.
   * @example 0.9 */
  confidence?: number | null;

  /** Replies: milliseconds from the message to the reply.
   * @example 1200 */
  response_time_ms?: number | null;

  /** Fallback replies: why there is no answer. `MESSAGE.UNREADABLE` for a message that is encrypted and cannot be decrypted; `content` says so then.
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
      is_current: row.is_current ?? true,
      cached: row.cached,
      created_at: iso(row.created_at),
    };
    if (row.role === 'user') {
      const error = row.error_code === null ? {} : { error_code: row.error_code };
      return { ...common, ...error, edit_of_id: row.edit_of_id, images: (row.images ?? []).map(toImage) };
    }
    // People and notices have no model, no turn and no cost.
    if (row.role !== 'assistant') return common;
    return {
      ...common,
      turn_id: row.turn_id ?? undefined,
      replies_to_id: row.replies_to_id ?? null,
      persona_version_id: row.persona_version_id,
      tokens_used: row.tokens_used,
      model_used: row.model_used,
      fallback_from: row.fallback_from,
      confidence: row.confidence,
      response_time_ms: row.response_time_ms,
      error_code: row.error_code,
      usage: row.usage,
      tool_calls: row.tool_calls ?? [],
      citations: row.citations ?? [],
      feedback: row.feedback_rating ? { rating: row.feedback_rating, comment: row.feedback_comment ?? null } : null,
    };
  }
}

/** The alternatives of a message, oldest first. */
export class SiblingsResponse {
  messages: MessageResponse[];
}

/** Your opinion of a reply. */
export class FeedbackResponse extends MessageFeedbackResponse {
  /** @example 2 */
  message_id: number;
  /** @example 2026-11-21T12:05:01.000Z */
  created_at: string;
  /** @example 2026-11-21T12:05:01.000Z */
  updated_at: string;

  static from(row: FeedbackRow): FeedbackResponse {
    const { message_id, rating, comment } = row;
    return { message_id, rating, comment, created_at: iso(row.created_at), updated_at: iso(row.updated_at) };
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

  /** Only with `debug=true`. */
  system_notes?: SystemNoteResponse[];

  /** @param isForward the page was asked for with `after_seq` */
  static from({ rows, hasMore }: { rows: MessageRow[]; hasMore: boolean }, isForward: boolean): MessageListResponse {
    return {
      messages: rows.map((row) => MessageResponse.from(row)),
      has_more: hasMore,
      next_before_seq: hasMore && !isForward ? (rows[0]?.seq ?? null) : null,
      next_after_seq: rows.at(-1)?.seq ?? null,
    };
  }
}
