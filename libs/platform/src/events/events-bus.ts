import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { ParleyEvent } from '@app/contracts';
import { Injectable, type OnApplicationShutdown, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Client } from 'pg';
import { AppConfig } from '../config';
import { applicationName, Database } from '../database';
import { splitIntoPayloads } from './notify-payloads';

const CHANNEL = 'parley_events';
/** NOTIFY serialises commits, so a busy process sends one batch per this time; the first event after a pause goes out at once. */
const BATCH_MS = 4;
const RECONNECT_MS = 500;
const MAX_RECONNECT_MS = 5000;
const CONNECT_DEADLINE_MS = 5000;

interface Envelope {
  from: string;
  events: ParleyEvent[];
}

/** The topic that a listener waits on. */
export const topicOf = (event: ParleyEvent): string =>
  event.type === 'turn.finished' ? `turn:${event.turnId}` : `probe:${event.probeId}`;

/**
 * Tells listeners in this process at once, and those in others through PostgreSQL's LISTEN/NOTIFY. Delivery is best effort: whoever waits also
 * re-reads the database now and then, and after `onReconnect`.
 */
@Injectable()
export class EventsBus implements OnModuleInit, OnModuleDestroy, OnApplicationShutdown {
  private readonly local = new EventEmitter().setMaxListeners(0);
  private readonly processId = randomUUID();
  private outgoing: ParleyEvent[] = [];
  private timer: NodeJS.Timeout | undefined;
  private lastFlushAt = 0;
  private client: Client | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private isClosing = false;

  constructor(
    private readonly config: AppConfig,
    private readonly database: Database,
    private readonly logger: PinoLogger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.connect();
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
    this.local.emit(topicOf(event), event);
    this.outgoing.push(event);
    if (this.timer !== undefined) return;
    const waitMs = Math.max(0, this.lastFlushAt + BATCH_MS - performance.now());
    this.timer = setTimeout(() => void this.flush(), waitMs);
  }

  onModuleDestroy(): void {
    // From now on a lost connection is no news: the database may be ending with us.
    this.isClosing = true;
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    clearTimeout(this.retryTimer);
    await this.flush();
    await this.client?.end().catch(() => undefined);
  }

  private async flush(): Promise<void> {
    this.timer = undefined;
    this.lastFlushAt = performance.now();
    const events = this.outgoing;
    this.outgoing = [];
    for (const payload of splitIntoPayloads(this.processId, events)) {
      try {
        await this.database.query('SELECT pg_notify($1, $2)', [CHANNEL, payload]);
      } catch (error) {
        if (!this.isClosing) this.logger.warn({ err: error }, 'events were not sent to other processes');
      }
    }
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: this.config.database.url,
      application_name: applicationName('events'),
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_DEADLINE_MS,
    });
    // Without a listener an error on an idle connection would end the process.
    client.on('error', () => undefined);
    client.on('notification', (message) => this.receive(message.payload ?? ''));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      client.end().catch(() => undefined);
      throw error;
    }
    // Only a connection that worked is replaced when it ends; one that never did is retried by whoever tried.
    client.once('end', () => this.reconnect());
    this.client = client;
  }

  private reconnect(delayMs = RECONNECT_MS, error?: unknown): void {
    this.client = undefined;
    if (this.isClosing || this.retryTimer !== undefined) return;
    this.retryTimer = setTimeout(() => {
      this.retryTimer = undefined;
      if (this.isClosing) return;
      this.logger.warn({ err: error }, 'the connection for events was lost; connecting again');
      this.connect().then(
        () => this.local.emit('reconnected'),
        (failure: unknown) => this.reconnect(Math.min(delayMs * 2, MAX_RECONNECT_MS), failure),
      );
    }, delayMs);
    this.retryTimer.unref();
  }

  private receive(payload: string): void {
    try {
      const envelope = JSON.parse(payload) as Envelope;
      if (envelope.from === this.processId) return;
      for (const event of envelope.events) this.local.emit(topicOf(event), event);
    } catch (error) {
      // Anybody with a connection can send on this channel; a missed event costs a re-read.
      this.logger.warn({ err: error }, 'a notification was not understood');
    }
  }
}
