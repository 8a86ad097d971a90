import type { BacktestHit, BacktestResult } from '../backtest/backtest.service';
import { TRIGGER_KINDS, type TriggerKind } from '../trigger';

/** Why a person would have been asked for. */
export class BacktestTriggerResponse {
  /** @example keyword */
  kind: TriggerKind;

  /** What made it fire, up to 300 characters; it may quote the customer.
   * @example "refund: I want a refund for my order, please." */
  evidence: string;
}

/** A message at which a person would have taken over. */
export class BacktestHitResponse {
  /** @example 7 */
  conversation_id: number;

  /** @example 1 */
  persona_id: number;

  /** @example 12 */
  turn_id: number;

  /** The customer's message.
   * @example 31 */
  message_id: number;

  /** Its place in the conversation.
   * @example 3 */
  seq: number;

  /** When it was sent.
   * @example 2026-11-21T12:00:00.000Z */
  at: string;

  /** The conversation would have been handed over here; later hits only add reasons.
   * @example true */
  is_first: boolean;

  /** Why people did take over at this message; null: they did not.
   * @example null */
  escalated_because: string | null;

  triggers: BacktestTriggerResponse[];

  static from({ turn, triggers, isFirst }: BacktestHit): BacktestHitResponse {
    return {
      conversation_id: turn.conversationId,
      persona_id: turn.personaId,
      turn_id: turn.turnId,
      message_id: turn.messageId,
      seq: turn.seq,
      at: turn.saidAt.toISOString(),
      is_first: isFirst,
      escalated_because: turn.escalationReason,
      triggers: triggers.map(({ kind, evidence }) => ({ kind, evidence })),
    };
  }
}

export class TriggerCountResponse {
  /** @example keyword */
  kind: TriggerKind;

  /** Messages at which it fires.
   * @example 12 */
  messages: number;
}

/** What rules would have done. The sums are those of the messages that this page looked at: of all on the first page, where `is_complete` is true. */
export class BacktestResponse {
  /** Messages of customers that were looked at.
   * @example 1200 */
  messages: number;

  /** @example 300 */
  conversations: number;

  /** Conversations that would have been handed over.
   * @example 18 */
  escalated_conversations: number;

  /** Messages that are encrypted and cannot be read; only their answers were looked at.
   * @example 0 */
  unreadable_messages: number;

  triggers: TriggerCountResponse[];

  hits: BacktestHitResponse[];

  /** Everything was looked at, up to the last message.
   * @example true */
  is_complete: boolean;

  /** More hits, or messages that were not looked at, come with `next_cursor`.
   * @example false */
  has_more: boolean;

  next_cursor: string | null;

  static from(result: BacktestResult): BacktestResponse {
    return {
      messages: result.messages,
      conversations: result.conversations,
      escalated_conversations: result.escalated,
      unreadable_messages: result.unreadable,
      triggers: TRIGGER_KINDS.map((kind) => ({ kind, messages: result.triggers[kind] ?? 0 })),
      hits: result.hits.map((hit) => BacktestHitResponse.from(hit)),
      is_complete: result.isComplete,
      has_more: result.nextCursor !== null,
      next_cursor: result.nextCursor,
    };
  }
}
