import {
  AnswerCacheService,
  BudgetAlerts,
  LedgerService,
  ModelCheckService,
  RemoteRemovalsService,
} from '@app/ai-gateway';
import { RollUpService } from '@app/analytics';
import { LoginsRepository } from '@app/auth';
import { OutgoingStreams, UploadsService } from '@app/conversations';
import { AppConfig, JobQueue, JobWorker, KeyRotation } from '@app/platform';
import { SessionExpiry } from '@app/sessions';
import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';

const FIVE_MINUTES_MS = 300_000;
const MINUTE_MS = 60_000;
/** How late an alert may be. */
const BUDGETS_MS = 15_000;
/** How late it may be noticed that nobody has taken an escalation in time. */
const ESCALATIONS_MS = 15_000;
/** How much longer than its time-out a session may stay open. */
const SESSIONS_MS = 15_000;
/** How late it may be noticed that something waits in a channel and nobody was woken for it. */
const CHANNELS_MS = 2000;
const HOUR_MS = 3_600_000;
/** How long a broken connection can go on where it was; after it, it gets the whole reply. */
const STREAMS_KEPT_MS = 900_000;

/** Work that comes by the clock. */
@Injectable()
export class Housekeeping implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly worker: JobWorker,
    private readonly queue: JobQueue,
    private readonly logins: LoginsRepository,
    private readonly ledger: LedgerService,
    private readonly removals: RemoteRemovalsService,
    private readonly streams: OutgoingStreams,
    private readonly uploads: UploadsService,
    private readonly answers: AnswerCacheService,
    private readonly rollUp: RollUpService,
    private readonly models: ModelCheckService,
    private readonly budgets: BudgetAlerts,
    private readonly sessions: SessionExpiry,
    private readonly rotation: KeyRotation,
    private readonly config: AppConfig,
    private readonly logger: PinoLogger,
  ) {}

  onModuleInit(): void {
    this.worker.register('logins.clean-up', async () => {
      await this.logins.deleteExpired();
    });
    this.worker.register('model-calls.close-abandoned', async () => {
      // No call runs longer than its time-out; its worker had a lease's time more to close the row.
      const { openai, engine } = this.config;
      await this.ledger.closeAbandoned(openai.totalTimeoutMs + engine.leaseMs + FIVE_MINUTES_MS);
    });
    this.worker.register('openai-conversations.remove', () => this.removals.removeDue());
    this.worker.register('openai-conversations.forget-inactive', () => this.removals.forgetInactive());
    this.worker.register('turn-streams.clean-up', () => this.streams.removeOlderThan(STREAMS_KEPT_MS));
    this.worker.register('models.check', () => this.models.run());
    this.worker.register('cached-answers.clean-up', () => this.answers.cleanUp());
    this.worker.register('budgets.upkeep', () => this.budgets.run());
    this.worker.register('sessions.expire', () => this.sessions.run());
    this.worker.register('uploads.clean-up', () => this.uploads.removeExpired());
    this.worker.register('analytics.roll-up', () => this.rollUp.run());
    this.worker.register('encryption.rotate', () => this.rotation.run());
  }

  onApplicationBootstrap(): void {
    this.queue.schedule('logins.clean-up', {}, HOUR_MS);
    this.queue.schedule('uploads.clean-up', {}, HOUR_MS);
    this.queue.schedule('cached-answers.clean-up', {}, FIVE_MINUTES_MS);
    this.queue.schedule('turn-streams.clean-up', {}, FIVE_MINUTES_MS);
    this.queue.schedule('analytics.roll-up', {}, MINUTE_MS);
    this.queue.schedule('encryption.rotate', {}, MINUTE_MS);
    this.queue.schedule('model-calls.close-abandoned', {}, FIVE_MINUTES_MS);
    this.queue.schedule('budgets.upkeep', {}, BUDGETS_MS);
    this.queue.schedule('escalations.upkeep', {}, ESCALATIONS_MS);
    this.queue.schedule('webhooks.deliver', {}, ESCALATIONS_MS);
    this.queue.schedule('channels.upkeep', {}, CHANNELS_MS);
    this.queue.schedule('sessions.expire', {}, SESSIONS_MS);
    this.queue.schedule('openai-conversations.remove', {}, MINUTE_MS);
    this.queue.schedule('openai-conversations.forget-inactive', {}, HOUR_MS);
    this.queue.schedule('models.check', {}, HOUR_MS);
    // At a start nobody waits an hour to be told; not awaited, for the upstream may be slow or away.
    void this.models.run().catch((error: unknown) => {
      this.logger.warn({ err: error }, 'the models could not be looked at; trying again within the hour');
    });
  }
}
