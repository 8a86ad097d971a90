import { SeldomLog } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { ChannelMetrics } from '../channels/channel-metrics.service';
import type { Channel } from '../core/channel';
import { receiveJobKey } from './inbox-row';
import { type AddedRow, InboxRepository, type NewInboxRow } from './persistence/inbox.repository';
import { SenderJobs } from './sender-jobs.service';

/** The one way into the inbox, however it was heard: stored once, counted, and given to the workers. */
@Injectable()
export class Intake {
  private readonly unqueued: SeldomLog;

  constructor(
    private readonly inbox: InboxRepository,
    private readonly jobs: SenderJobs,
    private readonly metrics: ChannelMetrics,
    logger: PinoLogger,
  ) {
    this.unqueued = new SeldomLog(logger, 'what came through channels was not queued; the upkeep finds it');
  }

  /** When this returns, the rows are stored, unless they were before. @param channels that the rows are of */
  async store(channels: readonly Pick<Channel, 'id' | 'type'>[], rows: readonly NewInboxRow[]): Promise<void> {
    if (rows.length === 0) return;
    const added = await this.inbox.add(rows);
    this.count(channels, rows, added);
    this.wake(added);
  }

  private count(
    channels: readonly Pick<Channel, 'id' | 'type'>[],
    rows: readonly NewInboxRow[],
    added: readonly AddedRow[],
  ): void {
    for (const channel of channels) {
      const isOf = ({ channelId }: { channelId: number }): boolean => channelId === channel.id;
      const own = added.filter(isOf);
      for (const kind of new Set(own.map((row) => row.kind))) {
        this.metrics.stored(channel, kind, own.filter((row) => row.kind === kind).length);
      }
      this.metrics.repeatedEvents(channel, rows.filter(isOf).length - own.length);
    }
  }

  /** Best effort, and nobody waits for it. */
  private wake(added: readonly AddedRow[]): void {
    const senders = new Map(added.map((row) => [receiveJobKey(row.channelId, row.senderKey), row]));
    for (const [dedupeKey, { channelId, senderKey }] of senders) {
      this.jobs.add(channelId, senderKey, { dedupeKey }).catch((error: unknown) => this.unqueued.warn(error));
    }
  }
}
