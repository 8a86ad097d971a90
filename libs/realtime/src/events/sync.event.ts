import type { Synced } from '@app/contracts';
import { FollowedConversations } from '@app/conversations';
import { FollowedEscalations } from '@app/escalations';
import { Injectable } from '@nestjs/common';
import { IsInt, Max, Min } from 'class-validator';
import type { Connection } from '../connections/connection';
import { targetOf } from '../feeds/member';
import { toSocketMessage } from '../feeds/socket-message';
import { conversationGone, escalationNotJoined } from '../socket-errors';
import { findFollower, memberOf } from './members';
import type { SocketEvent } from './socket-event';
import { FollowedTargetDto, MAX_SEQ } from './target.dto';

export class SyncDto extends FollowedTargetDto {
  @IsInt()
  @Min(0)
  @Max(MAX_SEQ)
  lastSeq: number;
}

/** What may be read, and how it is called. */
interface Readable {
  target: ReturnType<typeof targetOf>;
  /** The last message of it; all when it is missing. */
  throughSeq?: number;
}

@Injectable()
export class SyncEvent implements SocketEvent<'sync', SyncDto> {
  readonly name = 'sync';
  readonly payload = SyncDto;
  readonly isOrdered = true;

  constructor(
    private readonly conversations: FollowedConversations,
    private readonly escalations: FollowedEscalations,
  ) {}

  /** @throws 409 SOCKET.NOT_JOINED, 404 ESCALATION.NOT_FOUND, CONVERSATION.NOT_FOUND */
  async handle(connection: Connection, { escalationId, lastSeq, ...named }: SyncDto): Promise<Synced> {
    const { target, throughSeq }: Readable =
      escalationId === undefined
        ? { target: targetOf(memberOf(connection, named)) }
        : await this.ofEscalation(connection, escalationId);
    const { conversationId } = target;
    const state = await this.conversations.read({ conversationId, afterSeq: lastSeq, throughSeq });
    if (state === undefined) throw conversationGone(conversationId);
    return { messages: state.messages.map((message) => toSocketMessage(message, target)), hasMore: state.hasMore };
  }

  /** One that is over is followed by nobody, and can be read up to its end. */
  private async ofEscalation(connection: Connection, escalationId: number): Promise<Readable> {
    const { login } = connection.data;
    if (login === undefined) throw escalationNotJoined();
    const { conversationId, endedSeq, lastSeq } = await this.escalations.open(login.principal, escalationId);
    if (endedSeq === null && findFollower(connection, escalationId) === undefined) throw escalationNotJoined();
    // What comes meanwhile, and may be behind its end, is told by the feed.
    return { target: { escalationId, conversationId }, throughSeq: endedSeq ?? lastSeq };
  }
}
