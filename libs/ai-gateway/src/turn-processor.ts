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
  private isScanning = false;
  /** Conversations that this process runs because the reconciler found them. */
  private readonly rescued = new Set<number>();

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
    if (this.isScanning) return;
    this.isScanning = true;
    try {
      const free = this.config.engine.workerConcurrency - this.rescued.size;
      if (free <= 0) return;
      const forgotten = await this.turns.findForgotten(FORGOTTEN_AFTER_MS, RECONCILE_BATCH);
      const fresh = forgotten.filter((conversationId) => !this.rescued.has(conversationId)).slice(0, free);
      // Not through the queue: it may be what is broken. Not awaited: a slow model must not keep the next scan waiting.
      for (const conversationId of fresh) void this.rescue(conversationId);
    } catch (error) {
      this.logger.warn({ err: error }, 'looking for forgotten turns failed; trying again');
    } finally {
      this.isScanning = false;
    }
  }

  private async rescue(conversationId: number): Promise<void> {
    this.rescued.add(conversationId);
    try {
      await this.runner.run(conversationId);
    } catch (error) {
      this.logger.warn({ err: error, conversation_id: conversationId }, 'a forgotten turn could not run; trying again');
    } finally {
      this.rescued.delete(conversationId);
    }
  }
}
