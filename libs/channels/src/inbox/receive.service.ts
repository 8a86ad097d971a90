import type { JobMap } from '@app/contracts';
import { JobWorker } from '@app/platform';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { ChannelDirectory } from '../channels/channel-directory.service';
import type { ChannelAccess, InboundMessage } from '../core/channel-adapter';
import { Completion } from './completion.service';
import { InboundEchoes } from './inbound-echoes.service';
import { InboundMessages } from './inbound-messages.service';
import { InboundStatuses } from './inbound-statuses.service';
import { People } from './people.service';
import {
  CHANNEL_OFF,
  InboxRepository,
  type Settled,
  type TakenRow,
  WAITS_FOR_CHANNEL_MS,
} from './persistence/inbox.repository';
import { fateOf, placeOf } from './receive-failures';
import { ReceiveLater } from './receive-later';
import { Refusals } from './refusals.service';
import { SenderJobs } from './sender-jobs.service';

/** A worker that does not say more of a row for so long is taken for dead. Fetching a file can take all of a minute. */
const TAKEN_MS = 60_000;
const FETCHING_MS = 90_000;
/** Rows of one sender that one job looks at; then others have their turn. */
const ROWS_PER_JOB = 20;
/** So long people may wait for an answer. */
const STILL_WAITED_FOR_MS = 3_600_000;
/** Longest that the column takes. */
const MAX_REASON = 60;
const UNREADABLE_DELAY_MS = 30_000;
/** What waits longer is not worth a job that waits with it. */
const LONGEST_WAKE_MS = 600_000;

/** The job `channels.receive`: what has come in from one sender, oldest first. */
@Injectable()
export class ReceiveService implements OnModuleInit {
  /** What the hook did not tell, of rows that are worked on. */
  private readonly completed = new WeakMap<TakenRow, InboundMessage>();

  constructor(
    private readonly worker: JobWorker,
    private readonly jobs: SenderJobs,
    private readonly directory: ChannelDirectory,
    private readonly inbox: InboxRepository,
    private readonly messages: InboundMessages,
    private readonly echoes: InboundEchoes,
    private readonly statuses: InboundStatuses,
    private readonly completion: Completion,
    private readonly refusals: Refusals,
    private readonly people: People,
    private readonly logger: PinoLogger,
  ) {}

  onModuleInit(): void {
    this.worker.register('channels.receive', (data) => this.run(data));
  }

  private async run(job: JobMap['channels.receive']): Promise<void> {
    const { channelId } = job;
    const senderKey = this.jobs.senderKeyOf(job);
    if (senderKey === undefined) return;
    for (let count = 0; count < ROWS_PER_JOB; count += 1) {
      const row = await this.inbox.take(channelId, senderKey, TAKEN_MS);
      if (row === undefined || !(await this.work(row))) return;
    }
    this.wake({ channelId, senderKey });
  }

  /** @returns whether it is done, and the next may be looked at */
  private async work(row: TakenRow): Promise<boolean> {
    try {
      await this.inbox.settle(row, await this.receive(row));
      return true;
    } catch (error) {
      return this.fail(row, error);
    }
  }

  private async receive(row: TakenRow): Promise<Settled> {
    const access = await this.directory.find(row.channelId);
    if (access === undefined) throw new ReceiveLater('channel_unreadable', UNREADABLE_DELAY_MS, false);
    if (!access.channel.isEnabled) throw new ReceiveLater(CHANNEL_OFF, WAITS_FOR_CHANNEL_MS, false);
    const event = this.inbox.open(row);
    switch (event.kind) {
      case 'message':
        return this.receiveMessage(access, row, { ...event, sentAt: dateOf(event.sentAt) });
      case 'echo':
        return this.echoes.receive(access.channel, row, event);
      case 'status':
        return this.statuses.receive(access.channel, row, event);
      case 'moved':
        return this.people.move(access.channel, event);
      case 'other':
        return { status: 'ignored', reason: 'not_answered' };
    }
  }

  private async receiveMessage(access: ChannelAccess, row: TakenRow, told: InboundMessage): Promise<Settled> {
    const event = await this.completion.complete(access, told, row.ageMs);
    if (event.kind === 'message') {
      this.completed.set(row, event);
      return this.answer(access, row, event);
    }
    return { status: 'ignored', reason: event.kind === 'other' ? event.type.slice(0, MAX_REASON) : 'not_answered' };
  }

  private async answer(access: ChannelAccess, row: TakenRow, message: InboundMessage): Promise<Settled> {
    try {
      const settled = await this.messages.receive(access, row, message, () => this.keep(row));
      if (settled.status === 'ignored') await this.refusals.ignored(access, message, settled);
      return settled;
    } catch (error) {
      const refused = await this.refusals.refused(access, message, error);
      if (refused !== undefined) return refused;
      throw error;
    }
  }

  /** Nobody waits for an answer to something of a day ago any more. */
  private async tellGivenUp(row: TakenRow): Promise<void> {
    if (row.kind !== 'message' || row.ageMs > STILL_WAITED_FOR_MS) return;
    const access = await this.directory.get(row.channelId);
    if (access === undefined || !access.channel.isEnabled) return;
    const event = this.completed.get(row) ?? this.inbox.open(row);
    // Of what was never looked up nobody knows whether it is to be answered at all, or who wrote it.
    if (event.kind === 'message' && event.partial === undefined) await this.refusals.givenUp(access, event);
  }

  private async keep(row: TakenRow): Promise<void> {
    if (!(await this.inbox.keep(row, FETCHING_MS))) throw new ReceiveLater('taken_by_another', 0, true);
  }

  /** @returns whether the next may be looked at */
  private async fail(row: TakenRow, error: unknown): Promise<boolean> {
    const fate = fateOf(error, row.attempts, row.ageMs);
    const about = { channel_id: row.channelId, inbox_id: row.id, attempts: row.attempts, reason: fate.reason };
    if (fate.isDead) {
      await this.tellGivenUp(row).catch(() => undefined);
      await this.inbox.bury(row, fate.reason);
      this.logger.error(
        { ...about, trace: placeOf(error) },
        'what came in through a channel was given up; POST /channels/{id}/inbox/{inbox_id}/retry tries again',
      );
      return true;
    }
    await this.inbox.postpone(row, fate.delayMs, fate.reason, fate.isAttempt);
    const trace = placeOf(error);
    if (trace !== undefined) this.logger.warn({ ...about, trace }, 'what came in through a channel is tried again');
    this.wake(row, fate.delayMs);
    return false;
  }

  /** Best effort: the upkeep finds what nobody was woken for. */
  private wake({ channelId, senderKey }: Pick<TakenRow, 'channelId' | 'senderKey'>, delayMs?: number): void {
    if (delayMs !== undefined && delayMs > LONGEST_WAKE_MS) return;
    this.jobs.add(channelId, senderKey, delayMs === undefined ? {} : { delayMs }).catch(() => undefined);
  }
}

/** JSON knows no dates. */
const dateOf = (date: Date | string | null): Date | null => (date === null ? null : new Date(date));
