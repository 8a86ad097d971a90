import { EventsBus } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { IsBoolean } from 'class-validator';
import type { Connection } from '../connections/connection';
import { memberOf } from './members';
import type { SocketEvent } from './socket-event';
import { TargetDto } from './target.dto';

export class TypingDto extends TargetDto {
  @IsBoolean()
  isTyping: boolean;
}

@Injectable()
export class TypingEvent implements SocketEvent<'typing', TypingDto> {
  readonly name = 'typing';
  readonly payload = TypingDto;
  readonly isOrdered = true;

  constructor(private readonly events: EventsBus) {}

  handle(connection: Connection, payload: TypingDto): Promise<object> {
    const { conversationId } = memberOf(connection, payload).feed;
    const { isTyping } = payload;
    this.events.publish({
      type: 'conversation.signal',
      conversationId,
      signal: { kind: 'typing', from: 'user', isTyping, socketId: connection.id },
    });
    return Promise.resolve({});
  }
}
