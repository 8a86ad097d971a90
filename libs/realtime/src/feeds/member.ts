import type { Member } from '../connections/connection';

/** How events name the conversation to this socket. */
export const targetOf = ({ sessionId, feed }: Member): { sessionId?: string; conversationId: number } =>
  sessionId === undefined
    ? { conversationId: feed.conversationId }
    : { sessionId, conversationId: feed.conversationId };
