import type { AnsweredBy } from '@parley/client';
import type { ErrorText } from './plain-errors';
import type { ChatMessage } from './messages';

/** What the visitor has said and the backend has not confirmed. */
export interface Outgoing {
  clientMessageId: string;
  text: string;
  /** Why it could not be sent; undefined while it is on its way. */
  error: ErrorText | undefined;
}

/** A reply that is being written. */
export interface Draft {
  turnId: number;
  text: string;
}

/** How it was with the person who helped: `asked`: nothing was chosen yet. */
export type Rating = 'asked' | 'sending' | 'thanked';

/** Everything that is shown. Never changed in place: each change makes a new one. */
export interface ChatState {
  /** `idle`: nothing was begun. */
  phase: 'idle' | 'starting' | 'open' | 'ended' | 'failed';
  connection: 'connecting' | 'online' | 'lost';
  messages: ChatMessage[];
  /** Older messages can be fetched. */
  hasEarlier: boolean;
  isFetchingEarlier: boolean;
  outgoing: Outgoing[];
  draft: Draft | undefined;
  /** Who is typing besides the visitor. */
  typing: 'assistant' | 'agent' | undefined;
  /** Id of the message to which another reply was asked for, until that one is there. */
  regenerating: number | undefined;
  isStopping: boolean;
  /** Somebody of the team was asked to take over, and has not said anything yet. */
  isWaitingForPerson: boolean;
  /** Who answers what is said now; undefined before it was told. */
  answeredBy: AnsweredBy['answeredBy'] | undefined;
  agentsOnline: number;
  endReason: 'ended' | 'timeout' | 'erased' | undefined;
  /** What went wrong last, until it is closed or something works again. */
  error: ErrorText | undefined;
  rating: Rating | undefined;
}

export const INITIAL: ChatState = {
  phase: 'idle',
  connection: 'connecting',
  messages: [],
  hasEarlier: false,
  isFetchingEarlier: false,
  outgoing: [],
  draft: undefined,
  typing: undefined,
  regenerating: undefined,
  isStopping: false,
  isWaitingForPerson: false,
  answeredBy: undefined,
  agentsOnline: 0,
  endReason: undefined,
  error: undefined,
  rating: undefined,
};

/** The AI is at work on an answer, which can be stopped. */
export const isAnswering = ({ typing, draft }: ChatState): boolean => typing === 'assistant' || draft !== undefined;

/** The last who spoke, apart from the visitor, is a person of the team. */
export const isWithPerson = ({ messages }: ChatState): boolean =>
  messages.findLast(({ speaker }) => speaker !== 'visitor')?.speaker === 'agent';

/** The reply that another one can be asked for: the last message, when it is the AI's and all is quiet. */
export function regenerable(state: ChatState): ChatMessage | undefined {
  if (state.phase !== 'open' || isAnswering(state) || state.outgoing.length > 0) return undefined;
  const last = state.messages.at(-1);
  return last?.speaker === 'assistant' ? last : undefined;
}
