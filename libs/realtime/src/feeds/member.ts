import type { FollowedTarget } from '@app/contracts';
import type { FollowedState } from '@app/conversations';
import type { Member } from '../connections/connection';

/** How events name the conversation to this socket. A session's id is a secret of the customer's. */
export function targetOf({ sessionId, escalationId, feed }: Member): FollowedTarget & { conversationId: number } {
  const { conversationId } = feed;
  if (escalationId !== undefined) return { escalationId, conversationId };
  return sessionId === undefined ? { conversationId } : { sessionId, conversationId };
}

export const answeredBy = ({ owner }: Pick<FollowedState, 'owner'>): 'ai' | 'people' =>
  owner === 'human' ? 'people' : 'ai';
