import { AppConfig, StrictValidationPipe } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { Connection } from '../connections/connection';
import { Connections } from '../connections/connections.service';
import { RealtimeMetrics } from '../realtime.metrics';
import { flooding, publicError, tooFast, toSocketError, unknownEvent } from '../socket-errors';
import { EventCounter } from './event-counter';
import type { SocketEvent } from './socket-event';
import { SocketEvents } from './socket-events';

type Acknowledge = (answer: object) => void;

/** Takes what sockets send: counts it, checks it, has it done, and answers. Nothing that a client sends gets any further than here. */
@Injectable()
export class EventRouter {
  private readonly validation = new StrictValidationPipe();
  private readonly counter: EventCounter;

  constructor(
    private readonly events: SocketEvents,
    private readonly connections: Connections,
    private readonly metrics: RealtimeMetrics,
    private readonly config: AppConfig,
    private readonly logger: PinoLogger,
  ) {
    this.counter = new EventCounter(config.sockets.eventsPerTenSeconds);
  }

  /** @param args what came after the event's name: a payload, and perhaps the acknowledgement */
  take(connection: Connection, name: unknown, args: unknown[]): void {
    const acknowledge = typeof args.at(-1) === 'function' ? (args.pop() as Acknowledge) : undefined;
    const { verdict, retryAfterSeconds } = this.counter.count(connection.data);
    if (verdict === 'flood') return this.connections.close(connection, flooding());
    const event = this.events.named(name);
    const run = async (): Promise<void> => {
      let answer: object;
      try {
        if (verdict === 'tooFast') throw tooFast(this.config.sockets.eventsPerTenSeconds, retryAfterSeconds);
        if (event === undefined) throw unknownEvent(String(name));
        answer = { ok: true, ...(await this.handle(event, connection, args[0])) };
        this.metrics.events.inc({ event: event.name, code: 'ok' });
      } catch (error) {
        answer = { ok: false, error: this.refuse(connection, event, name, error) };
      }
      acknowledge?.(answer);
      this.connections.refuseSlow(connection);
    };
    // What is refused anyway waits for nobody.
    if (event?.isOrdered !== true || verdict !== 'ok') return void run();
    const { data } = connection;
    const done = (data.last ?? Promise.resolve()).then(run).finally(() => {
      if (data.last === done) data.last = undefined;
    });
    data.last = done;
  }

  private async handle(event: SocketEvent, connection: Connection, payload: unknown): Promise<object> {
    const checked: unknown = await this.validation.transform(payload ?? {}, { type: 'body', metatype: event.payload });
    return event.handle(connection, checked as object);
  }

  private refuse(connection: Connection, event: SocketEvent | undefined, name: unknown, cause: unknown): object {
    const { error, isUnknown } = publicError(cause);
    if (isUnknown) this.logger.error({ err: cause, event: event?.name }, 'an event of a socket failed');
    // Names of clients are no labels: there would be no end of them.
    this.metrics.events.inc({ event: event?.name ?? 'unknown', code: error.code });
    const told = toSocketError(error, String(name).slice(0, 50));
    connection.emit('chat-error', told);
    return told;
  }
}
