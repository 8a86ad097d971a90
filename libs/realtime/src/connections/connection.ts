import type { ClientToServerEvents, ServerToClientEvents } from '@app/contracts';
import type { Principal } from '@app/platform';
import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import type { SessionStatus } from '@app/sessions';
import type { OwnMessages } from '../feeds/own-messages';

/** A login that a socket holds. */
export interface HeldLogin {
  principal: Principal;
  /** When its access token ends, in milliseconds since 1970. */
  expiresAtMs: number;
  /** The end of this token was announced. */
  isWarned: boolean;
}

/** What is kept of each socket. There may be thousands of idle ones, so it is small. */
export interface ConnectionData {
  /** Who it counts for: an IPv4 address, or the first 64 bits of an IPv6 address. */
  network: string;
  /** The page that it comes from; undefined for what is no browser, or for the site's own. */
  origin: string | undefined;
  login: HeldLogin | undefined;
  /** The support session of the handshake. */
  sessionId: string | undefined;
  connectedAtMs: number;
  /** Conversations that it follows. */
  members: readonly Member[];
  /** Workspaces in which its user is shown as present. */
  presentIn: readonly number[];
  /** Ten seconds for which its events are counted: their beginning by the monotonic clock, and how many there were. */
  windowStartMs: number;
  windowEvents: number;
  /** Events that must keep their order wait for the one before. */
  last: Promise<unknown> | undefined;
}

export type RealtimeServer = Server<
  ClientToServerEvents,
  ServerToClientEvents,
  DefaultEventsMap,
  Partial<ConnectionData>
>;
type RawSocket = Socket<ClientToServerEvents, ServerToClientEvents, DefaultEventsMap>;
export type Connection = Omit<RawSocket, 'data'> & { data: ConnectionData };

/** Shared by all that follow nothing. */
export const NOTHING: readonly never[] = [];

/** A conversation as its members see it. */
export interface FollowedConversation {
  readonly conversationId: number;
  readonly workspaceId: number;
  /** Of its session; null when it belongs to none. */
  readonly status: SessionStatus | null;
  readonly own: OwnMessages;
}

/** One socket in one conversation. */
export interface Member {
  connection: Connection;
  feed: FollowedConversation;
  /** How the socket calls it; undefined when it joined by the conversation's number. */
  sessionId: string | undefined;
  /** The escalation by which a person of the team joined; undefined for the customer. Customers' events never reach these members. */
  escalationId: number | undefined;
  /** Whose conversation it is, or (with an escalation) who of the team follows it: with this services are called. */
  principal: Principal;
  /** The last message that the socket knows of. */
  toldSeq: number;
  /** The turn whose text the socket is told, and the last number of it that it knows. */
  turnId: number;
  turnAfter: number;
  /** The others are told that it is typing. */
  isTyping: boolean;
}
