import { JobWorker } from '@app/platform';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ChannelUpkeep } from '../channels/channel-upkeep.service';
import { Carrier } from './carrier.service';
import { ChannelDelivery } from './channel-delivery.service';
import { OutboxSender, PAUSE_MS } from './outbox-sender.service';
import { CarryRepository } from './persistence/carry.repository';
import { OutboxRepository } from './persistence/outbox.repository';
import { ReplyAddressesRepository } from './persistence/reply-addresses.repository';

/** Steps of one job: whoever has more to say than that lets others go first. */
const MAX_STEPS = 100;
/** Whoever was woken has come by then. */
const OVERDUE_MS = 2000;
/** Conversations that are woken at a time. */
const WOKEN_AT_ONCE = 200;
/** How far back what was sent can be looked up. */
const KEPT_DAYS = 90;
const REMOVED_AT_ONCE = 1000;
const REMOVE_EVERY_MS = 60_000;

/** The job `channels.deliver`, and what is found when nobody was woken. */
@Injectable()
export class Deliveries implements OnModuleInit {
  private removedAt = -Infinity;

  constructor(
    private readonly worker: JobWorker,
    private readonly upkeep: ChannelUpkeep,
    private readonly carrier: Carrier,
    private readonly sender: OutboxSender,
    private readonly delivery: ChannelDelivery,
    private readonly carrying: CarryRepository,
    private readonly outbox: OutboxRepository,
    private readonly replies: ReplyAddressesRepository,
  ) {}

  onModuleInit(): void {
    this.worker.register('channels.deliver', ({ conversationId }) => this.deliver(conversationId));
    this.upkeep.register('outbox', () => this.wakeForgotten());
    this.upkeep.register('outbox-removal', () => this.removeOld());
  }

  /** Everything that is said and may leave now, in its order. */
  async deliver(conversationId: number): Promise<void> {
    await this.carrier.carry(conversationId);
    const channelId = await this.carrying.channelOf(conversationId);
    if (channelId === undefined) return;
    try {
      for (let step = 0; step < MAX_STEPS; step += 1) {
        if ((await this.sender.step(conversationId, channelId)) === 'waits') return;
      }
    } catch (error) {
      // What goes wrong every time must not keep others waiting.
      await this.outbox.pause(conversationId, PAUSE_MS);
      throw error;
    }
    this.delivery.wake(conversationId);
  }

  private async wakeForgotten(): Promise<void> {
    const forgotten = await this.carrying.overdue(OVERDUE_MS, WOKEN_AT_ONCE);
    const due = await this.outbox.due(WOKEN_AT_ONCE);
    for (const conversationId of new Set([...forgotten, ...due])) this.delivery.wakeAgain(conversationId);
  }

  private async removeOld(): Promise<void> {
    if (performance.now() - this.removedAt < REMOVE_EVERY_MS) return;
    this.removedAt = performance.now();
    await this.replies.removeOver(REMOVED_AT_ONCE);
    while ((await this.outbox.removeOlderThan(KEPT_DAYS, REMOVED_AT_ONCE)) === REMOVED_AT_ONCE);
  }
}
