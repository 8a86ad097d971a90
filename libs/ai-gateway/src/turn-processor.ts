import { TurnWorkService } from '@app/conversations';
import { AppConfig, JobWorker } from '@app/platform';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { ConversationRunner } from './conversation-runner';

/** A turn that could have run for this long and did not was forgotten by its wake-up. */
const FORGOTTEN_AFTER_MS = 1000;
const RECONCILE_BATCH = 200;

/** Connects wake-ups to the runner, and finds what no wake-up reached: losing the whole queue loses nothing. */
@Injectable()
export class TurnProcessor implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private isReconciling = false;

  constructor(
    private readonly worker: JobWorker,
    private readonly runner: ConversationRunner,
    private readonly turns: TurnWorkService,
    private readonly config: AppConfig,
    private readonly logger: PinoLogger,
  ) {}

  onModuleInit(): void {
    this.worker.register('conversation.wake', ({ conversationId }) => this.runner.run(conversationId));
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.reconcile(), this.config.engine.reconcileMs);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async reconcile(): Promise<void> {
    if (this.isReconciling) return;
    this.isReconciling = true;
    try {
      const forgotten = await this.turns.findForgotten(FORGOTTEN_AFTER_MS, RECONCILE_BATCH);
      // Not through the queue: it may be what is broken. The lease keeps several workers from doing the same work.
      await inBatches(forgotten, this.config.engine.workerConcurrency, (conversationId) => this.runOne(conversationId));
    } catch (error) {
      this.logger.warn({ err: error }, 'looking for forgotten turns failed; trying again');
    } finally {
      this.isReconciling = false;
    }
  }

  private async runOne(conversationId: number): Promise<void> {
    try {
      await this.runner.run(conversationId);
    } catch (error) {
      this.logger.warn({ err: error, conversation_id: conversationId }, 'a forgotten turn could not run; trying again');
    }
  }
}

async function inBatches<T>(items: T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
}
