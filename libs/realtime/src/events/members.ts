import type { SocketTarget } from '@app/contracts';
import type { Connection, Member } from '../connections/connection';
import { notJoined } from '../socket-errors';

/** What an event is about, among what its socket follows; undefined when it is not among it. */
export function findMember({ data }: Connection, target: SocketTarget): Member | undefined {
  const { members, sessionId: own } = data;
  if (target.sessionId !== undefined) return members.find(({ sessionId }) => sessionId === target.sessionId);
  if (target.conversationId !== undefined) {
    return members.find(({ feed }) => feed.conversationId === target.conversationId);
  }
  if (own !== undefined) return members.find(({ sessionId }) => sessionId === own);
  return members.length === 1 ? members[0] : undefined;
}

/** @throws 409 SOCKET.NOT_JOINED */
export function memberOf(connection: Connection, target: SocketTarget): Member {
  const member = findMember(connection, target);
  if (member === undefined) throw notJoined();
  return member;
}
