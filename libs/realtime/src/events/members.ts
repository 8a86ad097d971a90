import type { FollowedTarget, SocketTarget } from '@app/contracts';
import type { Connection, Member } from '../connections/connection';
import { escalationNotJoined, notJoined } from '../socket-errors';

/** What a customer's event is about, among what its socket follows as a customer; undefined when it is not among it. */
export function findMember({ data }: Connection, target: SocketTarget): Member | undefined {
  const { sessionId: own } = data;
  const members = data.members.filter(({ escalationId }) => escalationId === undefined);
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

/** The person of the team who follows an escalation at this socket. */
export const findFollower = ({ data }: Connection, id: number): Member | undefined =>
  data.members.find(({ escalationId }) => escalationId === id);

/** For events of both: who names an escalation is of the team. @throws 409 SOCKET.NOT_JOINED */
export function followerOf(connection: Connection, { escalationId, ...target }: FollowedTarget): Member {
  if (escalationId === undefined) return memberOf(connection, target);
  const member = findFollower(connection, escalationId);
  if (member === undefined) throw escalationNotJoined();
  return member;
}
