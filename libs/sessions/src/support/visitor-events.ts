import type { FeedEvent, ServerSentEvent, TurnViewRow } from '@app/conversations';
import { SupportReplyResponse } from './dto/support-chat.response';

/** A stream as a person would see it with `curl -N`. */
const EXAMPLE = `id: 1
event: turn.started
data: {"sessionId":"ss_…","turnId":1,"attempt":1}

id: 2
event: message.delta
data: {"sessionId":"ss_…","turnId":1,"attempt":1,"offset":0,"delta":"Of course. "}

id: 3
event: message.completed
data: {"sessionId":"ss_…","message":"Of course. What is your order number?","messageId":2,"confidence":null,…}
`;

export const VISITOR_EVENT_STREAM = { 'text/event-stream': { schema: { type: 'string' as const }, example: EXAMPLE } };

const ENDS: Partial<Record<string, string>> = {
  completed: 'message.completed',
  failed: 'turn.failed',
  merged: 'turn.merged',
  handed_off: 'turn.handed_off',
};

/** What visitors are told while an answer is written: the text. Models, tokens and tools are the business of the workspace. */
export const visitorEvents =
  (sessionId: string) =>
  (event: FeedEvent, view: TurnViewRow): ServerSentEvent | undefined => {
    if (event.type === 'end') {
      const { turn } = event.view;
      const data = {
        ...SupportReplyResponse.from(sessionId, event.view),
        mergedIntoId: turn.merged_into_id ?? undefined,
      };
      return { id: event.n, event: ENDS[turn.status] ?? 'turn.cancelled', data };
    }
    if (event.type === 'message.tool_call') return undefined;
    const data = { sessionId, turnId: view.turn.id, attempt: event.attempt };
    const text = event.type === 'message.delta' ? { offset: event.offset, delta: event.delta } : {};
    return { id: event.n, event: event.type, data: { ...data, ...text } };
  };
