import { FollowedEscalations } from '@app/escalations';
import { EventsBus } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { IsBoolean } from 'class-validator';
import type { Connection } from '../connections/connection';
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
    private readonly events: EventsBus,
  ) {}

  /** Who of the team has not claimed it does not speak to the customer. */
  async handle(connection: Connection, payload: TypingDto): Promise<object> {
    const { feed, escalationId, principal } = followerOf(connection, payload);
    if (escalationId !== undefined) await this.escalations.requireHolder(principal, escalationId);
    const from = escalationId === undefined ? 'user' : 'agent';
    const signal = { kind: 'typing' as const, from, isTyping: payload.isTyping, socketId: connection.id } as const;
    this.events.publish({ type: 'conversation.signal', conversationId: feed.conversationId, signal });
    return {};
  }
}
