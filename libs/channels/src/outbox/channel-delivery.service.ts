import { setTimeout as pause } from 'node:timers/promises';
import type { DeliveryPort } from '@app/contracts';
import { ConversationDelivery } from '@app/conversations';
import { JobQueue, SeldomLog } from '@app/platform';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { ChannelAdapters } from '../channels/channel-adapters';
import { BEGUN_WITHIN_MS } from './outbox-sender.service';
import { CarryRepository } from './persistence/carry.repository';
import { OutboxRepository } from './persistence/outbox.repository';
import { TurnSignals } from './turn-signals.service';

/** At most once in so long, for each conversation. */
const WAKE_AGAIN_MS = 5000;
const LOOK_EVERY_MS = 50;
/** As long as a call to the other system may take to begin, and to end. */
const SETTLED_WITHIN_MS = BEGUN_WITHIN_MS + 20_000;

/** What conversations are told of the channels, in every process. */
@Injectable()
export class ChannelDelivery implements DeliveryPort, OnModuleInit {
  private readonly unqueued: SeldomLog;

  constructor(
    private readonly delivery: ConversationDelivery,
    private readonly adapters: ChannelAdapters,
    private readonly carrying: CarryRepository,
    private readonly outbox: OutboxRepository,
    private readonly signals: TurnSignals,
    private readonly queue: JobQueue,
    logger: PinoLogger,
  ) {
    this.unqueued = new SeldomLog(logger, 'messages for channels were not queued; the scheduled job finds them');
  }

  onModuleInit(): void {
    this.delivery.use(this);
  }

  carries(channel: string): boolean {
    return this.adapters.has(channel);
  }

  note(conversationId: number): Promise<void> {
    return this.carrying.note(conversationId);
  }

  wake(conversationId: number): void {
    this.add(conversationId, `deliver-${conversationId}`);
  }

  /** What waits although somebody should have come: the job of a worker that died looks active for up to a minute, and others with its key wait for it. */
  wakeAgain(conversationId: number): void {
    this.add(conversationId, `deliver-${conversationId}-${Math.floor(Date.now() / WAKE_AGAIN_MS)}`);
  }

  private add(conversationId: number, dedupeKey: string): void {
    this.queue
      .add('channels.deliver', { conversationId }, { dedupeKey })
      .catch((error: unknown) => this.unqueued.warn(error));
  }

  begins(conversationId: number): () => void {
    return this.signals.begin(conversationId);
  }

  /** After 25 seconds it is over in any case: no call begins or takes longer. */
  async settled(conversationId: number): Promise<void> {
    const end = performance.now() + SETTLED_WITHIN_MS;
    while ((await this.outbox.isAssistantSending(conversationId)) && performance.now() < end) {
      await pause(LOOK_EVERY_MS);
    }
  }
}
