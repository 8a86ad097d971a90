import type { TurnStatus } from '@app/contracts';
import type { TurnViewRow } from '../persistence/turns.repository';
import { ConversationResponse } from './conversation.response';
import { MessageResponse } from './message.response';

/** Why a turn has no answer. */
export class TurnErrorResponse {
  /** @example UPSTREAM.QUOTA_EXHAUSTED */
  code: string;
  /** In plain words.
   * @example "I am sorry, I cannot answer right now." */
  detail: string;
}

/** One user message and what became of it. */
export class TurnResponse {
  /** @example 1 */
  id: number;

  /** @example 1 */
  conversation_id: number;

  /** @example completed */
  status: TurnStatus;

  /** Attempts so far.
   * @example 1 */
  attempt: number;

  /** Null when it was deleted. */
  user_message: MessageResponse | null;

  /** The reply; null while there is none. */
  assistant_message: MessageResponse | null;

  /** Set when the turn failed. */
  error: TurnErrorResponse | null;

  /** With status `merged`: the turn that answers this message together with a later one.
   * @example null */
  merged_into_id: number | null;

  /** Why people were asked to take over when it ended, such as `keyword`; null when they were not, or had been asked before and had not finished.
   * @example null */
  escalation_reason: string | null;

  /** It was asked to stop, and its worker has not done so yet.
   * @example false */
  cancel_requested: boolean;

  /** When the next attempt starts at the earliest, while the turn waits for one; else null.
   * @example null */
  retry_at: string | null;

  /** @example 2026-11-21T12:05:00.000Z */
  created_at: string;

  /** Null while it is open.
   * @example 2026-11-21T12:05:01.000Z */
  finished_at: string | null;

  static from(view: TurnViewRow): TurnResponse {
    const { turn } = view;
    const isWaiting = turn.status === 'pending' && turn.attempt > 0;
    return {
      id: turn.id,
      conversation_id: turn.conversation_id,
      status: turn.status,
      attempt: turn.attempt,
      user_message: view.user_message === null ? null : MessageResponse.from(view.user_message),
      assistant_message: view.assistant_message === null ? null : MessageResponse.from(view.assistant_message),
      error:
        turn.error_code === null
          ? null
          : { code: turn.error_code, detail: view.assistant_message?.content ?? 'There is no answer to this message.' },
      merged_into_id: turn.merged_into_id,
      escalation_reason: turn.escalation_reason,
      cancel_requested: turn.finished_at === null && turn.cancel_requested_at !== null,
      retry_at: isWaiting ? new Date(turn.not_before).toISOString() : null,
      created_at: new Date(turn.created_at).toISOString(),
      finished_at: turn.finished_at === null ? null : new Date(turn.finished_at).toISOString(),
    };
  }
}

/** Turns of a conversation that are not over. */
export class OpenTurnsResponse {
  /** Oldest first.
   * @example [12] */
  turn_ids: number[];
}

/** Answer of a send whose reply is there. */
export class SendMessageResponse {
  conversation: ConversationResponse;
  user_message: MessageResponse | null;

  /** The reply, or with status `fallback` the text that says why there is none. Null only when the turn was cancelled. */
  assistant_message: MessageResponse | null;

  /** @example 1 */
  turn_id: number;

  static from(view: TurnViewRow): SendMessageResponse {
    return {
      conversation: ConversationResponse.from(view.conversation),
      user_message: view.user_message === null ? null : MessageResponse.from(view.user_message),
      assistant_message: view.assistant_message === null ? null : MessageResponse.from(view.assistant_message),
      turn_id: view.turn.id,
    };
  }
}
