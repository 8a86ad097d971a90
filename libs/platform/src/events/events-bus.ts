import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { ParleyEvent } from '@app/contracts';
import {
  Inject,
  Injectable,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { SeldomLog } from '../logging/seldom-log';
import { EventOutbox } from './event-outbox';
import { type Envelope, packEvents, payloadStart } from './event-payloads';
import { EVENT_TRANSPORT, type EventTransport } from './event-transport';

/** Whoever waits in another process looks into the database within a second anyway. */
const LAST_SEND_DEADLINE_MS = 1000;

/** The topics that listeners wait on. */
export function topicsOf(event: ParleyEvent): readonly string[] {
  // Whoever follows a conversation hears of all its turns, and of the people who take it over.
  if (event.type === 'turn.finished') return [`turn:${event.turnId}`, `conversation:${event.conversationId}`];
  if (event.type === 'escalation.changed') {
    return [`escalations:${event.workspaceId}`, `conversation:${event.conversationId}`];
  }
  return [topicOf(event)];
}

function topicOf(event: Exclude<ParleyEvent, { type: 'turn.finished' | 'escalation.changed' }>): string {
  switch (event.type) {
    case 'conversation.extended':
    case 'conversation.signal':
    case 'conversation.message':
      return `conversation:${event.conversationId}`;
    case 'access.revoked':
      return 'access';
    case 'agents.present':
      return 'agents';
    case 'turn.progress':
      return `turn-progress:${event.turnId}`;
    case 'turn.watched':
    case 'turn.cancel-requested':
      // What the worker that runs the turn listens to.
      return `turn-orders:${event.turnId}`;
    case 'upstream.changed':
      return `upstream:${event.upstream}`;
    case 'budgets.changed':
      return 'budgets';
    case 'escalation-rules.changed':
      return 'escalation-rules';
    case 'support-doors.changed':
      return 'support-doors';
    case 'channels.changed':
      return 'channels';
    case 'prices.changed':
      return 'prices';
    case 'queue.probe-answered':
      return `probe:${event.probeId}`;
  }
}

/**
 * Tells listeners in this process at once, and those in others through the backend of the queue (PostgreSQL or Redis). Delivery is best
 * effort: whoever waits also re-reads the database now and then, and after `onReconnect`.
 */
@Injectable()
export class EventsBus implements OnModuleInit, OnModuleDestroy, OnApplicationShutdown {
  private readonly local = new EventEmitter().setMaxListeners(0);
  private readonly processId = randomUUID();
  private readonly ownStart = payloadStart(this.processId);
  private readonly outbox: EventOutbox;
  private isClosing = false;

  constructor(
    @Inject(EVENT_TRANSPORT) private readonly transport: EventTransport,
    private readonly logger: PinoLogger,
  ) {
    const unsent = new SeldomLog(logger, 'events were not sent to other processes yet; trying again');
    const dropped = new SeldomLog(logger, 'events were dropped: other processes could not be told for too long');
    this.outbox = new EventOutbox({
      batchMs: transport.batchMs,
      send: (events) => this.send(events),
      trouble: (error, droppedEvents) => {
        if (this.isClosing) return;
        if (droppedEvents > 0) dropped.warn(error, droppedEvents);
        else unsent.warn(error);
      },
    });
  }

  async onModuleInit(): Promise<void> {
    await this.transport.start({
      receive: (payload) => this.receive(payload),
      reconnected: () => this.local.emit('reconnected'),
    });
  }

  subscribe(topic: string, listener: (event: ParleyEvent) => void): () => void {
    this.local.on(topic, listener);
    return () => this.local.off(topic, listener);
  }

  /** Called when events may have been missed. */
  onReconnect(listener: () => void): () => void {
    this.local.on('reconnected', listener);
    return () => this.local.off('reconnected', listener);
  }

  /** Never fails and never waits: the database row is the truth. */
  publish(event: ParleyEvent): void {
    this.tell(event);
    this.outbox.push(event);
  }

  onModuleDestroy(): void {
    // From now on a lost connection is no news: the database may be ending with us.
    this.isClosing = true;
    this.transport.expectEnd();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.outbox.close(LAST_SEND_DEADLINE_MS);
    await this.transport.stop();
  }

  /** How many left; the first envelope that does not leave stops the rest, so that the order is kept. */
  private async send(events: readonly ParleyEvent[]): Promise<number> {
    let sent = 0;
    for (const { payload, count } of packEvents(this.processId, events, this.transport.maxPayloadBytes)) {
      try {
        await this.transport.send(payload);
      } catch (error) {
        if (sent === 0) throw error;
        return sent;
      }
      sent += count;
    }
    return sent;
  }

  private tell(event: ParleyEvent): void {
    for (const topic of topicsOf(event)) this.local.emit(topic, event);
  }

  private receive(payload: string): void {
    if (payload.startsWith(this.ownStart)) return;
    try {
      const envelope = JSON.parse(payload) as Envelope;
      for (const event of envelope.events) this.tell(event);
    } catch (error) {
      // Anybody with a connection can send on this channel; a missed event costs a re-read.
      this.logger.warn({ err: error }, 'a notification was not understood');
    }
  }
}
