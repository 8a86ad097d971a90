import { EventsBus } from '@app/platform';
import { FollowedSessions } from '@app/sessions';
import { Injectable } from '@nestjs/common';
import { IsInt, Max, Min } from 'class-validator';
import type { Connection } from '../connections/connection';
import { memberOf } from './members';
import type { SocketEvent } from './socket-event';
import { MAX_SEQ, TargetDto } from './target.dto';

export class ReadDto extends TargetDto {
  @IsInt()
  @Min(0)
  @Max(MAX_SEQ)
  seq: number;
}

@Injectable()
export class ReadEvent implements SocketEvent<'read', ReadDto> {
  readonly name = 'read';
  readonly payload = ReadDto;
  readonly isOrdered = true;

  constructor(
    private readonly sessions: FollowedSessions,
    private readonly events: EventsBus,
  ) {}

  async handle(connection: Connection, payload: ReadDto): Promise<object> {
    const { conversationId } = memberOf(connection, payload).feed;
    const seq = await this.sessions.markRead(conversationId, payload.seq);
    if (seq !== undefined) {
      this.events.publish({
        type: 'conversation.signal',
        conversationId,
        signal: { kind: 'read', by: 'user', seq, socketId: connection.id },
      });
    }
    return {};
  }
}
