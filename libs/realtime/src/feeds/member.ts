import type { Principal } from '@app/platform';
import type { Connection } from '../connections/connection';
import type { ConversationFeed } from './conversation-feed';

/** One socket in one conversation. */
export interface Member {
  connection: Connection;
  feed: ConversationFeed;
  /** How the socket calls it; undefined when it joined by the conversation's number. */
  sessionId: string | undefined;
  /** Whose conversation it is: with this the conversation's services are called. */
  principal: Principal;
  /** The last message that the socket knows of. */
  toldSeq: number;
  /** The turn whose text the socket is told, and the last number of it that it knows. */
  turnId: number;
  turnAfter: number;
}

/** How events name the conversation to this socket. */
export const targetOf = ({ sessionId, feed }: Member): { sessionId?: string; conversationId: number } =>
  sessionId === undefined
    ? { conversationId: feed.conversationId }
    : { sessionId, conversationId: feed.conversationId };
