import { FollowedEscalations } from '@app/escalations';
import { Injectable } from '@nestjs/common';
import { IsBoolean } from 'class-validator';
import type { Connection } from '../connections/connection';
import { ConversationFeeds } from '../feeds/conversation-feeds.service';
import { followerOf } from './members';
import type { SocketEvent } from './socket-event';
import { FollowedTargetDto } from './target.dto';

export class TypingDto extends FollowedTargetDto {
  @IsBoolean()
  isTyping: boolean;
}

@Injectable()
export class TypingEvent implements SocketEvent<'typing', TypingDto> {
  readonly name = 'typing';
  readonly payload = TypingDto;
  readonly isOrdered = true;

  constructor(
    private readonly escalations: FollowedEscalations,
    private readonly feeds: ConversationFeeds,
  ) {}

  /** Who of the team has not claimed it does not speak to the customer. */
  async handle(connection: Connection, payload: TypingDto): Promise<object> {
    const { escalationId, principal } = followerOf(connection, payload);
    if (escalationId !== undefined) await this.escalations.requireHolder(principal, escalationId);
    // It may have left, or lost its connection, meanwhile.
    this.feeds.showTyping(followerOf(connection, payload), payload.isTyping);
    return {};
  }
}
