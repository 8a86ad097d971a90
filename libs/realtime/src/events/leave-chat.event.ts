import { Injectable } from '@nestjs/common';
import type { Connection } from '../connections/connection';
import { Joins } from '../feeds/joins.service';
import { findMember } from './members';
import type { SocketEvent } from './socket-event';
import { TargetDto } from './target.dto';

@Injectable()
export class LeaveChatEvent implements SocketEvent<'leave-chat', TargetDto> {
  readonly name = 'leave-chat';
  readonly payload = TargetDto;
  readonly isOrdered = true;

  constructor(private readonly joins: Joins) {}

  /** Leaving what it does not follow is no error: a client may have been removed before. */
  handle(connection: Connection, target: TargetDto): Promise<object> {
    const member = findMember(connection, target);
    if (member !== undefined) this.joins.leave(member);
    return Promise.resolve({});
  }
}
