import { Injectable } from '@nestjs/common';
import type { Connection } from '../connections/connection';
import { Joins } from '../feeds/joins.service';
import { findFollower } from './members';
import type { SocketEvent } from './socket-event';
import { EscalationTargetDto } from './target.dto';

@Injectable()
export class LeaveEscalationEvent implements SocketEvent<'leave-escalation', EscalationTargetDto> {
  readonly name = 'leave-escalation';
  readonly payload = EscalationTargetDto;
  readonly isOrdered = true;

  constructor(private readonly joins: Joins) {}

  /** Leaving what it does not follow is no error: it may have been dismissed before. */
  handle(connection: Connection, { escalationId }: EscalationTargetDto): Promise<object> {
    const member = findFollower(connection, escalationId);
    if (member !== undefined) this.joins.leave(member);
    return Promise.resolve({});
  }
}
