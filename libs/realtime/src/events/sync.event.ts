import type { Synced } from '@app/contracts';
import { FollowedConversations } from '@app/conversations';
import { Injectable } from '@nestjs/common';
import { IsInt, Max, Min } from 'class-validator';
import type { Connection } from '../connections/connection';
import { targetOf } from '../feeds/member';
import { toSocketMessage } from '../feeds/socket-message';
import { conversationGone } from '../socket-errors';
import { memberOf } from './members';
import type { SocketEvent } from './socket-event';
import { MAX_SEQ, TargetDto } from './target.dto';

export class SyncDto extends TargetDto {
  @IsInt()
  @Min(0)
  @Max(MAX_SEQ)
  lastSeq: number;
}

@Injectable()
export class SyncEvent implements SocketEvent<'sync', SyncDto> {
  readonly name = 'sync';
  readonly payload = SyncDto;
  readonly isOrdered = true;

  constructor(private readonly conversations: FollowedConversations) {}

  async handle(connection: Connection, payload: SyncDto): Promise<Synced> {
    const member = memberOf(connection, payload);
    const { conversationId } = member.feed;
    const state = await this.conversations.read({ conversationId, afterSeq: payload.lastSeq });
    if (state === undefined) throw conversationGone(conversationId);
    const target = targetOf(member);
    return {
      messages: state.messages.map((message) => toSocketMessage(message, target)),
      hasMore: state.hasMore,
    };
  }
}
