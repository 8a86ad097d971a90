/**
 * The events of the Socket.IO door, typed in one map per direction. `docs/asyncapi.yaml` is made of this file: what is said here is what
 * client developers read. Names are in camel case, as in the first versions of the support chat.
 */

/** A message as sockets are told of it. */
export interface SocketMessage {
  /** The session that was joined; missing where a conversation was joined by its number, or by an escalation. */
  sessionId?: string;
  /** The escalation that was joined. */
  escalationId?: number;
  /** Number of the conversation; what else is known of it is at `GET /chat/conversations/{id}`. */
  conversationId: number;
  /** Number of the message. */
  messageId: number;
  /** Place in the conversation: 1, 2, 3 … Everybody sees the same order. A number that never comes is a message that was deleted. */
  seq: number;
  /** Who wrote it: the person, the AI, a person of the team (`agent`), or nobody: a notice (`system`). */
  role: 'user' | 'assistant' | 'agent' | 'system';
  /** The text. */
  message: string;
  /** When it was stored, in ISO 8601 UTC. */
  timestamp: string;
  /** The turn that it answers; null for a message of the user. */
  turnId: number | null;
  /** `completed`; `truncated`: cut at the longest allowed answer; `fallback`: no model could answer; `cancelled`: stopped half-way; `sent`: of the user. */
  status: 'sent' | 'completed' | 'truncated' | 'fallback' | 'cancelled';
  /** Whether it was part of the conversation as it is told when this was read; false for a reply that was regenerated and a branch that an edit has replaced. */
  isCurrent: boolean;
  /** Of a reply: the number of the message that it answers. A later reply to the same message takes the place of the earlier ones, if `isCurrent`. */
  repliesToId?: number;
  /** Of the user's: the first message of the family of edits that it belongs to. It takes the place of the others, and what followed them counts no more. */
  editOfId?: number;
  /** Of a reply: how sure the model says it is, 0 to 1; missing when nobody asked it, or it did not say. */
  confidence?: number;
  /** What the sender called its message, told to the sender's other sockets. */
  clientMessageId?: string;
}

/** What a socket is refused with, in the acknowledgement and as `chat-error`. */
export interface SocketError {
  /** Such as `SESSION.NOT_FOUND`. */
  code: string;
  /** One sentence: what happened and what to do. */
  detail: string;
  /** Which field of the payload is wrong. */
  field?: string;
  /** Seconds after which to try again. */
  retryAfter?: number;
  /** The event that was refused. */
  event?: string;
}

/** How an event of a client is acknowledged. */
export type Ack<T> = ({ ok: true } & T) | { ok: false; error: SocketError };

/** Which conversation an event is about: one of the two. Without either it is the session of the handshake, or the only one that the socket follows. */
export interface SocketTarget {
  /** The session's id. */
  sessionId?: string;
  /** The conversation's number; only with a login. */
  conversationId?: number;
}

/** The same for what both the customer and the team's people do: a person of the team names the escalation that was joined. */
export interface FollowedTarget extends SocketTarget {
  /** The escalation that was joined with `join-escalation`. */
  escalationId?: number;
}

/** Which escalation of one's team an event is about. */
export interface EscalationTarget {
  escalationId: number;
}

export interface JoinChat extends SocketTarget {
  /** What the host site calls the visitor, at most 255 characters. It changes nothing: the session says who it is. */
  userId?: string;
  /** Seq of the last message that the client has: `messages` begins after it. Without it, the newest come. */
  lastSeq?: number;
}

export interface ChatJoined extends SocketTarget {
  conversationId: number;
  /** Ascending. */
  messages: SocketMessage[];
  /** Older than `messages` (without `lastSeq`), or newer ones that did not fit (with it): ask `sync` again. */
  hasMore: boolean;
  /** The turn that is being answered right now; its text comes as `message-delta`. */
  openTurnId: number | null;
  /** Up to where the session's person has read, at whatever socket; 0 for a conversation without a session. */
  readSeq: number;
  /** Who answers what is said now. */
  answeredBy: AnsweredBy['answeredBy'];
  /** People of the team were asked to take over, and none of them has yet; `answered-by` tells when that is over. */
  isPersonAwaited: boolean;
  presence: Presence;
}

export interface JoinEscalation extends EscalationTarget {
  /** Seq of the last message that the client has: `messages` begins after it. Without it, the newest come. */
  lastSeq?: number;
}

/** As `chat-joined`. All that is told of the conversation from now on names the escalation. */
export interface EscalationJoined extends EscalationTarget {
  conversationId: number;
  /** `resolved`, `returned`: it is over. `messages` go to its end, and it is not followed: nothing more is told of it. */
  status: 'open' | 'claimed' | 'resolved' | 'returned';
  /** Ascending. */
  messages: SocketMessage[];
  /** Older than `messages` (without `lastSeq`), or newer ones that did not fit (with it): ask `sync` again. */
  hasMore: boolean;
  /** The turn that a model is answering right now; its text comes as `message-delta`. */
  openTurnId: number | null;
  /** Up to where the customer has read, at whatever socket; 0 for a conversation without a session. */
  readSeq: number;
  /** Who answers what is said now. */
  answeredBy: AnsweredBy['answeredBy'];
  /** It waits for somebody to claim it. */
  isPersonAwaited: boolean;
  presence: Presence;
}

/** The escalation is not followed any more: nothing of it is told from now on. */
export interface EscalationLeft extends EscalationTarget {
  conversationId: number;
  /** `resolved`, `returned`: it is over, and all that was said until then has been told. `unavailable`: it may not be seen any more, or is erased. */
  reason: 'resolved' | 'returned' | 'unavailable';
}

export interface SendMessage extends SocketTarget {
  /** 1 to 32,000 characters. */
  message: string;
  /** What the host site calls the visitor, at most 255 characters. It changes nothing: the session says who it is. */
  userId?: string;
  /** Made by the client, at most 128 characters: sending the same one again, also after a reconnect, makes no second message. */
  clientMessageId?: string;
}

export interface MessageAccepted {
  messageId: number;
  seq: number;
  turnId: number;
  /** True when this very message was stored before. */
  isReplay: boolean;
}

export interface Sync extends FollowedTarget {
  /** Seq of the last message that the client has; 0 for none. */
  lastSeq: number;
}

export interface Synced {
  /** Exactly what came after `lastSeq`, ascending, at most 200, and about a megabyte. */
  messages: SocketMessage[];
  /** There is more: ask again with the last seq. */
  hasMore: boolean;
}

export interface Regenerate extends SocketTarget {
  /** A reply, or the message that it answers. */
  messageId: number;
}

export interface Regenerating {
  /** The turn that writes another reply; it comes like any other. */
  turnId: number;
}

export interface Typing extends FollowedTarget {
  isTyping: boolean;
}

export interface TypingShown extends FollowedTarget {
  conversationId: number;
  /** `user`: a person of the session; `assistant`: the AI works on an answer; `agent`: a person of the team. */
  from: 'user' | 'assistant' | 'agent';
  isTyping: boolean;
}

export interface Read extends SocketTarget {
  /** Everything up to this message has been read. It never goes back. */
  seq: number;
}

export interface ReadShown extends FollowedTarget {
  conversationId: number;
  by: 'user' | 'agent';
  seq: number;
}

/** People of the team who can take over. */
export interface Presence {
  agentsOnline: number;
}

export interface MessageDelta extends FollowedTarget {
  conversationId: number;
  turnId: number;
  /** Which attempt the text is of; a new attempt begins again at offset 0. */
  attempt: number;
  /** Where the text belongs, in UTF-16 code units. */
  offset: number;
  delta: string;
}

export interface TurnEnded extends FollowedTarget {
  conversationId: number;
  turnId: number;
}

/** `message-reset`: an attempt failed after text was shown; forget the text of this turn. */
export type MessageReset = TurnEnded;

export interface TurnMerged extends TurnEnded {
  /** The turn that answers both. */
  mergedIntoId: number;
}

export interface EscalationNeeded extends SocketTarget {
  conversationId: number;
  escalationId: number;
  /** What people were asked for by: the kind of the first trigger, such as `keyword`, `confidence` or `human_request`. */
  reason: string;
}

/** Who answers what is said from now on: the AI, or people of the team, who have taken over or are to do so while the AI is silent. */
export interface AnsweredBy extends FollowedTarget {
  conversationId: number;
  answeredBy: 'ai' | 'people';
}

/** Something happened to an escalation of the workspace; `GET /escalations/{id}` has it. */
export interface EscalationChanged {
  workspaceId: number;
  escalationId: number;
  conversationId: number;
  status: 'open' | 'claimed' | 'resolved' | 'returned';
  /** Kind of the first trigger, or `manual`. */
  reason: string;
}

/** What the handshake may carry in `auth`: one of the two, or nothing, and then `join-chat` must name a session. */
export interface SocketHandshake {
  /** An access token. */
  token?: string;
  /** The id of a support session. */
  sessionId?: string;
}

export interface SessionEnded extends FollowedTarget {
  reason: 'ended' | 'timeout' | 'erased';
}

/** From the client. Every event may be acknowledged. */
export interface ClientToServerEvents {
  /** Follow a session (or conversation). Answered with `chat-joined` as well. */
  'join-chat': (payload: JoinChat, ack?: (answer: Ack<ChatJoined>) => void) => void;
  /** Follow it no longer. */
  'leave-chat': (payload: SocketTarget, ack?: (answer: Ack<object>) => void) => void;
  /**
   * Follow the conversation of an escalation, as a person of the team who may see it in the inbox, claimed or not, until it ends. To say something
   * there is `POST /escalations/{id}/replies`.
   */
  'join-escalation': (payload: JoinEscalation, ack?: (answer: Ack<EscalationJoined>) => void) => void;
  'leave-escalation': (payload: EscalationTarget, ack?: (answer: Ack<object>) => void) => void;
  /** Say something. An acknowledgement means that it is stored and will be answered. */
  'send-message': (payload: SendMessage, ack?: (answer: Ack<MessageAccepted>) => void) => void;
  /** What came after `lastSeq`; of an escalation up to its end, and once it is over also without following it. */
  sync: (payload: Sync, ack: (answer: Ack<Synced>) => void) => void;
  /** Stop the answer that is being written. */
  'cancel-turn': (payload: SocketTarget & { turnId: number }, ack?: (answer: Ack<object>) => void) => void;
  /** Ask for another reply to the same message; while one is being written, it is refused with `TURN.STILL_OPEN`. */
  regenerate: (payload: Regenerate, ack?: (answer: Ack<Regenerating>) => void) => void;
  /** Shown to whoever follows the conversation. Of the team only whoever has claimed the escalation. */
  typing: (payload: Typing, ack?: (answer: Ack<object>) => void) => void;
  read: (payload: Read, ack?: (answer: Ack<object>) => void) => void;
  /** A newer access token, before the one of the handshake ends. */
  authenticate: (payload: { token: string }, ack?: (answer: Ack<{ expiresAt: string }>) => void) => void;
  /** With a login: shown to visitors of the workspace as somebody who can take over. */
  'set-presence': (payload: { workspaceId: number; isOnline: boolean }, ack?: (answer: Ack<Presence>) => void) => void;
}

/** From the server. */
export interface ServerToClientEvents {
  'chat-joined': (payload: ChatJoined) => void;
  /** A message was stored: a reply, or what another socket or door has said. The sender's own message comes in its acknowledgement only. */
  'message-received': (payload: SocketMessage) => void;
  /** More text of an answer that is being written. What is missed costs nothing: `message-received` brings the whole text. */
  'message-delta': (payload: MessageDelta) => void;
  'message-reset': (payload: MessageReset) => void;
  'turn-cancelled': (payload: TurnEnded) => void;
  /** A person of the team answers: the text that was shown of this turn will not become a message. */
  'turn-handed-off': (payload: TurnEnded) => void;
  /** A message will be answered together with a later one. */
  'turn-merged': (payload: TurnMerged) => void;
  typing: (payload: TypingShown) => void;
  read: (payload: ReadShown) => void;
  presence: (payload: Presence & { workspaceId: number }) => void;
  /** People of the team were asked to take over; told once for each time that they are. What the person is told comes as a message of the role `system`. */
  'escalation-needed': (payload: EscalationNeeded) => void;
  /**
   * Somebody has taken over, or the AI answers again; also when people were asked and it is over before anybody has come. `chat-joined` says how it is
   * at the beginning.
   */
  'answered-by': (payload: AnsweredBy) => void;
  /** To sockets of the team that have said, with `set-presence`, that they are there, or that follow the escalation. */
  'escalation-changed': (payload: EscalationChanged) => void;
  /** Also behind the last message of one that ends. */
  'escalation-left': (payload: EscalationLeft) => void;
  'session-ended': (payload: SessionEnded) => void;
  /** An event was refused, also when it had no acknowledgement; or why the server is about to close the connection. */
  'chat-error': (payload: SocketError) => void;
}
