import type { components } from '../generated/rest.js';

type Schemas = components['schemas'];

interface OfTurn {
  turn_id: number;
  attempt: number;
}

export interface TurnOver extends OfTurn {
  conversation_id: number;
  /** `completed`, `failed`, `cancelled`, `merged` or `handed_off`. */
  status: string;
  user_message: Schemas['MessageResponse'] | null;
  /** The reply, whole; null when there is none. */
  assistant_message: Schemas['MessageResponse'] | null;
  usage?: Schemas['MessageUsageResponse'] | null;
}

interface Payloads {
  /** Once, when the first attempt begins. */
  'turn.started': OfTurn & { conversation_id: number; user_message: Schemas['MessageResponse'] | null };
  /** More text; `offset` is where it belongs, in UTF-16 code units (a string's `length`). */
  'message.delta': OfTurn & { offset: number; delta: string };
  /** A tool that the model uses has a new state. */
  'message.tool_call': OfTurn & { tool_call: Schemas['ToolCallResponse'] };
  /** The attempt failed after text was shown: throw the text away. */
  'message.reset': OfTurn;
  /** The reply, whole: show this text, whatever the deltas were. */
  'message.completed': TurnOver & { conversation: Schemas['ConversationResponse'] };
  /** There is no reply; `assistant_message` is the text for the person. */
  'turn.failed': TurnOver & { error: { code: string; detail: string } };
  /** It was stopped; `assistant_message` is what was written until then. */
  'turn.cancelled': TurnOver;
  /** A person of the team answers: throw the text away. What they say is in the conversation. */
  'turn.handed_off': TurnOver;
}

/** An event of a turn; `id` is its number within the turn. The last one is `message.completed`, `turn.failed`, `turn.cancelled` or `turn.handed_off`. */
export type TurnEvent = { [Name in keyof Payloads]: { id: number; event: Name; data: Payloads[Name] } }[keyof Payloads];

type Ends = Pick<Payloads, 'message.completed' | 'turn.failed' | 'turn.cancelled' | 'turn.handed_off'>;
const ENDS: Record<keyof Ends, true> = {
  'message.completed': true,
  'turn.failed': true,
  'turn.cancelled': true,
  'turn.handed_off': true,
};

/** The last event of a turn. */
export type TurnEnd = Extract<TurnEvent, { event: keyof Ends }>;

export const isEnd = (event: TurnEvent): event is TurnEnd => event.event in ENDS;
