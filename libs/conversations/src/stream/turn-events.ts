import { MessageResponse } from '../dto/message.response';
import { ConversationResponse } from '../dto/conversation.response';
import type { TurnViewRow } from '../persistence/turns.repository';
import type { FeedEvent } from './turn-feed';

/** One server-sent event of a turn. */
export interface ServerSentEvent {
  id: number;
  event: string;
  data: Record<string, unknown>;
}

/** What a reader is sent for an event of the feed; undefined: nothing. */
export type ShowEvent = (event: FeedEvent, view: TurnViewRow) => ServerSentEvent | undefined;

/** What a reader with a login is sent. */
export function toServerSentEvent(event: FeedEvent, view: TurnViewRow): ServerSentEvent {
  if (event.type === 'end') return theEnd(event.n, event.view);
  const common = { turn_id: view.turn.id, attempt: event.attempt };
  const sent = (data: Record<string, unknown>): ServerSentEvent => ({
    id: event.n,
    event: event.type,
    data: { ...common, ...data },
  });
  switch (event.type) {
    case 'turn.started':
      return sent({
        conversation_id: view.turn.conversation_id,
        user_message: view.user_message === null ? null : MessageResponse.from(view.user_message),
      });
    case 'message.delta':
      return sent({ offset: event.offset, delta: event.delta });
    case 'message.tool_call':
      return sent({ tool_call: event.call });
    case 'message.reset':
      return sent({});
  }
}

function theEnd(id: number, view: TurnViewRow): ServerSentEvent {
  const { turn, assistant_message: reply } = view;
  const assistantMessage = reply === null ? null : MessageResponse.from(reply);
  const data = {
    turn_id: turn.id,
    attempt: turn.attempt,
    conversation_id: turn.conversation_id,
    status: turn.status,
    user_message: view.user_message === null ? null : MessageResponse.from(view.user_message),
    assistant_message: assistantMessage,
    usage: assistantMessage?.usage ?? null,
  };
  if (turn.status === 'completed') {
    return {
      id,
      event: 'message.completed',
      data: { ...data, conversation: ConversationResponse.from(view.conversation) },
    };
  }
  if (turn.status === 'failed') {
    const detail = reply?.content ?? 'There is no answer to this message.';
    return { id, event: 'turn.failed', data: { ...data, error: { code: turn.error_code, detail } } };
  }
  if (turn.status === 'merged') {
    return { id, event: 'turn.merged', data: { ...data, merged_into_id: turn.merged_into_id } };
  }
  if (turn.status === 'handed_off') return { id, event: 'turn.handed_off', data };
  return { id, event: 'turn.cancelled', data };
}
