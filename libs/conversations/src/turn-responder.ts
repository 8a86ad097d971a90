import { AppConfig, type Principal } from '@app/platform';
import { Injectable, StreamableFile } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SendMessageResponse, TurnResponse } from './dto/turn.response';
import type { MadeTurn } from './message-intake.service';
import { MessagesService } from './messages.service';
import type { TurnViewRow } from './persistence/turns.repository';
import { wantsAsync, wantsEvents } from './send-headers';
import { TurnEventsService } from './stream/turn-events.service';
import { TurnWaiter } from './turn-waiter';

export type TurnAnswer<T = SendMessageResponse> = T | TurnResponse | StreamableFile;

/** Answers a request that made a turn: with the reply, with 202, or with a stream of its events. */
@Injectable()
export class TurnResponder {
  constructor(
    private readonly messages: MessagesService,
    private readonly waiter: TurnWaiter,
    private readonly turnEvents: TurnEventsService,
    private readonly config: AppConfig,
  ) {}

  /** Call it before the turn is made. @returns whether its events are to be streamed. @throws 429 when too many streams are open */
  wantsEvents(principal: Principal, request: FastifyRequest): boolean {
    const isStreamed = wantsEvents(request.headers.accept) && !wantsAsync(request.headers.prefer);
    if (isStreamed) this.turnEvents.refuseTooMany(principal);
    return isStreamed;
  }

  async respond(
    principal: Principal,
    made: MadeTurn,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<TurnAnswer> {
    return this.respondAs((view) => SendMessageResponse.from(view), principal, made, request, reply);
  }

  /** The same for a door that shows finished turns in its own way. */
  async respondAs<T>(
    show: (view: TurnViewRow) => T | Promise<T>,
    principal: Principal,
    { turnId, isReplay, isHandedOff = false }: MadeTurn,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<TurnAnswer<T>> {
    if (isReplay) void reply.header('idempotency-replayed', 'true');
    const isAsync = wantsAsync(request.headers.prefer);
    const isStreamed = !isAsync && wantsEvents(request.headers.accept);
    // The message is stored: whoever has no room for another stream meanwhile is told to ask later, and not to send again.
    const hasRoom = this.turnEvents.hasRoom(principal);
    if (isStreamed && hasRoom) return this.stream(principal, turnId, 0, 'after', reply);
    const isFinished = !isAsync && !isStreamed && (isHandedOff || (await this.isFinished(principal, turnId, isReplay)));
    const view = await this.messages.turn(principal, turnId);
    if (isFinished) return show(view);
    void reply.status(202).header('location', `/chat/turns/${turnId}`);
    if (isAsync) void reply.header('preference-applied', 'respond-async');
    return TurnResponse.from(view);
  }

  /** @param field names where `after` came from, should it be wrong */
  async stream(
    principal: Principal,
    turnId: number,
    after: number,
    field: string,
    reply: FastifyReply,
  ): Promise<StreamableFile> {
    const stream = await this.turnEvents.open(principal, turnId, after, field);
    void reply
      .status(200)
      .header('cache-control', 'no-store')
      // nginx would collect the events before it passes them on.
      .header('x-accel-buffering', 'no')
      .header('location', `/chat/turns/${turnId}`);
    return new StreamableFile(stream, { type: 'text/event-stream; charset=utf-8' });
  }

  private async isFinished(principal: Principal, turnId: number, isReplay: boolean): Promise<boolean> {
    // A replayed turn may have finished long ago, and then no event comes.
    if (isReplay && (await this.messages.turn(principal, turnId)).turn.finished_at !== null) return true;
    return this.waiter.waitFor(turnId, this.config.engine.sendWaitMs);
  }
}
