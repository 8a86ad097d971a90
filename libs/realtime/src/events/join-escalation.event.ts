import type { EscalationJoined } from '@app/contracts';
import { type FollowedEscalation, FollowedEscalations } from '@app/escalations';
import type { Principal } from '@app/platform';
import { SessionAccess } from '@app/sessions';
import { Injectable } from '@nestjs/common';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import type { Connection } from '../connections/connection';
import { Joins } from '../feeds/joins.service';
import { targetOf } from '../feeds/member';
import { conversationGone, loginNeeded, tooManyEscalations } from '../socket-errors';
import { findFollower } from './members';
import type { SocketEvent } from './socket-event';
import { EscalationTargetDto, MAX_SEQ } from './target.dto';

/** Escalations that one socket follows: more than a person can answer at a time. */
const MAX_ESCALATIONS = 50;

export class JoinEscalationDto extends EscalationTargetDto {
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_SEQ)
  lastSeq?: number;
}

/**
 * A person of the team follows what is said to the customer, and by them, as they do themselves; also before anybody has claimed it, and until it
 * ends. What is over is shown up to its end, and not followed.
 */
@Injectable()
export class JoinEscalationEvent implements SocketEvent<'join-escalation', JoinEscalationDto> {
  readonly name = 'join-escalation';
  readonly payload = JoinEscalationDto;
  readonly isOrdered = true;

  constructor(
    private readonly escalations: FollowedEscalations,
    private readonly sessions: SessionAccess,
    private readonly joins: Joins,
  ) {}

  /** @throws 401 AUTH.REQUIRED, 404 ESCALATION.NOT_FOUND, 429 SOCKET.TOO_MANY_ROOMS */
  async handle(connection: Connection, { escalationId, lastSeq }: JoinEscalationDto): Promise<EscalationJoined> {
    const { login, members } = connection.data;
    if (login === undefined) throw loginNeeded();
    const { principal } = login;
    const opened = await this.escalations.open(principal, escalationId);
    if (opened.endedSeq !== null) return this.lookBack(opened, opened.endedSeq, lastSeq);
    const { conversationId, workspaceId, status } = opened;
    const before = findFollower(connection, escalationId);
    const followed = members.filter((member) => member.escalationId !== undefined).length;
    if (before === undefined && followed >= MAX_ESCALATIONS) throw tooManyEscalations(MAX_ESCALATIONS);
    const session = await this.sessions.ofConversation(conversationId);
    const joining = {
      conversationId,
      workspaceId,
      session,
      sessionId: undefined,
      escalationId,
      principal,
      before,
      lastSeq,
      mayFollow: async () => (await this.escalations.endsAmong([escalationId])).length === 0,
    };
    const joined = await this.joins.join(connection, joining);
    if (joined === undefined) return this.lostMeanwhile(principal, opened, lastSeq);
    const { member, ...state } = joined;
    if (session?.status === 'ended') {
      connection.emit('session-ended', { ...targetOf(member), reason: session.endReason ?? 'ended' });
    }
    return { escalationId, conversationId, status, ...state };
  }

  private async lookBack(
    { id: escalationId, conversationId, workspaceId, status }: FollowedEscalation,
    endedSeq: number,
    lastSeq: number | undefined,
  ): Promise<EscalationJoined> {
    const session = await this.sessions.ofConversation(conversationId);
    const past = { escalationId, conversationId, workspaceId, session, lastSeq };
    return { escalationId, conversationId, status, ...(await this.joins.lookBack(past, endedSeq)) };
  }

  /** It has ended while it was being joined, or is gone, or nobody is there any more to be told. */
  private async lostMeanwhile(
    principal: Principal,
    { id, conversationId }: FollowedEscalation,
    lastSeq: number | undefined,
  ): Promise<EscalationJoined> {
    const now = await this.escalations.open(principal, id);
    if (now.endedSeq === null) throw conversationGone(conversationId);
    return this.lookBack(now, now.endedSeq, lastSeq);
  }
}
