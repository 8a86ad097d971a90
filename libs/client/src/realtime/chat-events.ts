import type {
  AnsweredBy,
  ChatJoined,
  EscalationChanged,
  EscalationLeft,
  EscalationNeeded,
  ReadShown,
  SessionEnded,
  SocketMessage,
  SocketTarget,
  TurnEnded,
  TurnMerged,
  TypingShown,
} from '../generated/socket-events.js';
import type { ParleyError } from '../http/parley-error.js';

export type JoinOptions = SocketTarget & {
  /** Seq of the last message that you have; `messages` begins after it. Without it, the newest come. */
  lastSeq?: number;
  /** What your site calls the visitor. */
  userId?: string;
};

export interface JoinEscalationOptions {
  escalationId: number;
  /** Seq of the last message that you have; `messages` begins after it. Without it, the newest come. */
  lastSeq?: number;
}

/** An answer as it grows. */
export interface TextShown {
  turnId: number;
  /** All of it so far; empty when an attempt failed and another one begins. */
  text: string;
  /** What is new. */
  delta: string;
}

export interface ChatEvents {
  /**
   * Messages in their order: none is missing, none comes twice, whatever the connection did. The first listener also gets what came before it,
   * beginning with what there was at the join.
   */
  messages: SocketMessage[];
  /** More text of an answer that is being written; the whole of it comes with `messages`. */
  text: TextShown;
  /** An answer was stopped. */
  cancelled: TurnEnded;
  /** A person of the team answers instead: the text that was shown of the turn will not become a message. */
  handedOff: TurnEnded;
  /** A message will be answered together with a later one. */
  merged: TurnMerged;
  typing: TypingShown;
  read: ReadShown;
  /** People are asked to take over: told to the customer. */
  escalation: EscalationNeeded;
  /** Somebody has claimed the escalation, handed it on, or ended it: told to the team. */
  changed: EscalationChanged;
  /** Nothing more of the escalation comes: it is over, or (`unavailable`) you may not see it any more, or it is erased. */
  left: EscalationLeft;
  /** Somebody has taken over, or the AI answers again, or nobody is awaited any more; at the beginning `joined` says how it is. */
  answeredBy: AnsweredBy;
  /** The session is over: nothing can be said any more. */
  ended: SessionEnded;
  /** After every (re)join. */
  joined: ChatJoined;
  /** It could not be joined again after a reconnect. */
  error: ParleyError;
}
