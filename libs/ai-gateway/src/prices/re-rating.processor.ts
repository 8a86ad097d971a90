import { JobQueue, JobWorker, SeldomLog } from '@app/platform';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { ReRater } from './re-rater';

/** A job that goes on for longer gives its place to others and comes again. */
const WORK_MS = 10_000;
/** Also finds what a killed worker left, and what no job told of. */
const LOOK_EVERY_MS = 60_000;

/** The job `prices.re-rate`. */
@Injectable()
export class ReRatingProcessor implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private readonly trouble: SeldomLog;
  private isClosing = false;

  constructor(
    private readonly worker: JobWorker,
    private readonly queue: JobQueue,
    private readonly reRater: ReRater,
    logger: PinoLogger,
  ) {
    this.trouble = new SeldomLog(logger, 'a re-rating could not be continued at once; it will be within a minute');
  }

  onModuleInit(): void {
    this.worker.register('prices.re-rate', () => this.run());
  }

  onApplicationBootstrap(): void {
    this.queue.schedule('prices.re-rate', {}, LOOK_EVERY_MS);
  }

  onModuleDestroy(): void {
    this.isClosing = true;
    this.reRater.stop();
  }

  private async run(): Promise<void> {
    const againInMs = await this.reRater.work(WORK_MS);
    if (againInMs === null || this.isClosing) return;
    await this.queue
      .add('prices.re-rate', {}, { delayMs: Math.ceil(againInMs) })
      .catch((error: unknown) => this.trouble.warn(error));
  }
}
