import { SeldomLog } from '@app/platform';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { ChannelUpkeep } from '../channels/channel-upkeep.service';
import { overdueJobKey } from './inbox-row';
import { InboxRepository } from './persistence/inbox.repository';
import { SenderJobs } from './sender-jobs.service';

/** Whoever was to be woken for it has had so long. */
const OVERDUE_MS = 5000;
/** Where workers cannot keep up, more jobs would only make it worse. */
const WOKEN_AT_ONCE = 100;
/** Meta repeats hooks for seven days; who looks after a channel has so long to look at what was given up. */
const KEPT_DAYS = 30;
/** Rows that are changed or removed in one statement. */
const ROWS_AT_ONCE = 1000;

/** Finds what came in and nobody was woken for, and forgets what was settled or given up long ago. */
@Injectable()
export class InboxUpkeep implements OnModuleInit {
  private readonly unqueued: SeldomLog;

  constructor(
    private readonly upkeep: ChannelUpkeep,
    private readonly inbox: InboxRepository,
    private readonly jobs: SenderJobs,
    logger: PinoLogger,
  ) {
    this.unqueued = new SeldomLog(logger, 'what came through channels was not queued; trying again');
  }

  onModuleInit(): void {
    this.upkeep.register('inbox', () => this.run());
  }

  private async run(): Promise<void> {
    await this.inbox.channelsAreOn(ROWS_AT_ONCE);
    for (const { channelId, senderKey } of await this.inbox.waiting(OVERDUE_MS, WOKEN_AT_ONCE)) {
      const dedupeKey = overdueJobKey(channelId, senderKey);
      await this.jobs.add(channelId, senderKey, { dedupeKey }).catch((error: unknown) => this.unqueued.warn(error));
    }
    await this.inbox.removeFinished(KEPT_DAYS, ROWS_AT_ONCE);
  }
}
