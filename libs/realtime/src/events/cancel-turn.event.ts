import { MessagesService, TurnChangesService } from '@app/conversations';
import { Injectable } from '@nestjs/common';
import { IsInt, Max, Min } from 'class-validator';
import type { Connection } from '../connections/connection';
import { turnElsewhere } from '../socket-errors';
import { memberOf } from './members';
import type { SocketEvent } from './socket-event';
import { TargetDto } from './target.dto';

export class CancelTurnDto extends TargetDto {
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  turnId: number;
}

@Injectable()
export class CancelTurnEvent implements SocketEvent<'cancel-turn', CancelTurnDto> {
  readonly name = 'cancel-turn';
  readonly payload = CancelTurnDto;
  /** It may wait seconds for a worker to stop. */
  readonly isOrdered = false;

  constructor(
    private readonly messages: MessagesService,
    private readonly changes: TurnChangesService,
  ) {}

  async handle(connection: Connection, payload: CancelTurnDto): Promise<object> {
    const { feed, principal } = memberOf(connection, payload);
    const { turn } = await this.messages.turn(principal, payload.turnId);
    if (turn.conversation_id !== feed.conversationId) throw turnElsewhere(payload.turnId);
    await this.changes.cancel(principal, payload.turnId);
    return {};
  }
}
