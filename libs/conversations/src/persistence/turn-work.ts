import type { ConversationState } from '@app/contracts';
import type { MessageStatus, MessageUsage } from './message.entity';
import type { StoredCitation, StoredImage, StoredToolCall } from './message-extras';

/** A turn that this worker has begun an attempt of. */
export interface BegunTurn {
  turnId: number;
  workspaceId: number;
  conversationId: number;
  userId: number;
  personaId: number;
  /** The version that counts now, or the one that the conversation has in a comparison; null when the persona is deleted. */
  personaVersion: number | null;
  /** The comparison of two versions that this answer is part of; null for none. */
  experimentId: number | null;
  userSeq: number;
  /** 1 for the first. */
  attempt: number;
  /** Attempts whose worker died. */
  lostAttempts: number;
  /** Attempts that were stopped from our side, by an orderly shutdown. */
  returnedAttempts: number;
  /** Attempts that the models before the current one have used up. */
  spentAttempts: number;
  /** Which of the persona's models is tried: 0 is its own, then its fallback models. */
  modelIndex: number;
  /** For how long it has been held back in total without a call, in milliseconds. */
  heldMs: number;
  /** True when the attempt before this one has no outcome: its worker died. */
  isTakeover: boolean;
  correlationId: string | null;
  /** The request that brought the message, in a trace; null while tracing is off. */
  traceParent: string | null;
  /** The door that the conversation came through, such as `api`. */
  channel: string;
  content: string;
  /** What is said in the conversation is encrypted. */
  isEncrypted: boolean;
  /** For an encrypted reply: the id that it will have. */
  replyId: number | null;
  /** The user's message could not be decrypted; `content` is not what was written. */
  isUnreadable: boolean;
  /** Something of it or of its past is encrypted with a key that this process does not have. */
  lacksKey: boolean;
  /** The conversation of OpenAI's that stands for this one; null for none. */
  openaiConversationId: string | null;
  /** The workspace's default; null for the instance's. */
  workspaceConversationState: ConversationState | null;
  images: StoredImage[] | null;
  /** Room in budgets is held for it. */
  hasReservation: boolean;
  /** Tokens of the last call, when the upstream keeps the context and its size here says nothing; else null. */
  lastTotalTokens: number | null;
  /** Somebody reads along. */
  isWatched: boolean;
  /** Another reply to a message that has one. */
  isAlternative: boolean;
  /** People had the conversation before: what was said until then is not in the history. */
  isAfterHandOff: boolean;
  /** Its sender does not want an answer any more. */
  isCancelled: boolean;
  /** What was said before, oldest first. */
  history: HistoryTurn[];
  /** Of what came before the history; null when there is none. */
  summary: TurnSummary | null;
  /** From the moment the turn could run to now, in milliseconds. */
  queueMs: number;
  /** From the moment the message was accepted to now, in milliseconds. */
  ageMs: number;
}

/**
 * How an attempt ends its turn. A turn that its sender has cancelled meanwhile is cancelled whatever the outcome says; then a fallback, or
 * an empty text, makes no message.
 */
export interface Outcome {
  status: 'completed' | 'failed' | 'cancelled';
  errorCode: string | null;
  /** Number of the turn's last event, when somebody reads along. */
  lastEvent: number | null;
  /** Why people take over with the end of this turn; not kept when its sender has cancelled it. */
  escalationReason?: string | null;
  message: {
    status: MessageStatus;
    content: string;
    personaVersionId: number | null;
    tokensUsed: number | null;
    modelUsed: string | null;
    /** The model that was asked for first, when another one answered. */
    fallbackFrom?: string | null;
    responseTimeMs: number;
    usage: MessageUsage | null;
    toolCalls?: StoredToolCall[];
    citations?: StoredCitation[];
    /** The model was not asked: it is an answer from before. */
    isCached?: boolean;
    /** 0 to 1: how sure the model says it is; null when it did not say. */
    confidence?: number | null;
  };
}

/** Which model the next attempt of a turn uses, and how many attempts the models before it have had. */
export interface ModelChoice {
  modelIndex: number;
  spentAttempts: number;
}

/** `isReleased`: nothing else was open, so the lease has ended with the turn. */
export type FinishResult = { status: Outcome['status']; isReleased: boolean } | 'not-ours';

export interface HistoryTurn {
  turnId: number;
  /** Place of its user message in the conversation. */
  userSeq: number;
  user: string | null;
  /** Pictures of the user's message. */
  images?: StoredImage[] | null;
  reply: string | null;
}

/** What was said before the history, in short. */
export interface TurnSummary {
  content: string;
  /** Place of the last user message that it covers. */
  throughSeq: number;
}

/** Whose conversation a summary is made of. */
export interface SummarySubject {
  workspaceId: number;
  userId: number;
  personaId: number;
  /** The door that the conversation came through. */
  channel: string;
  /** Null when the persona is deleted. */
  personaVersion: number | null;
  experimentId: number | null;
}

/** A lease, and with it the turn that was begun. */
export interface TakenConversation {
  token: number;
  turn: BegunTurn | undefined;
}
