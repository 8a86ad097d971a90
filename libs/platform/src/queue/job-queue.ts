import type { JobMap, JobName } from '@app/contracts';
import { Injectable, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import { createPostgresBackend, Queue, withBackend, type QueueOptions } from 'bullmq';
import { PinoLogger } from 'nestjs-pino';
import { AppConfig } from '../config';
import { connectionFor, isPostgresUrl, QUEUE_NAME } from './queue-options';

interface Producer {
  add(name: string, data: unknown, options: Record<string, unknown>): Promise<unknown>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  upsertJobScheduler(
    id: string,
    repeat: { every: number },
    template: { name: string; data: unknown; opts: object },
  ): Promise<unknown>;
  getJobCounts(...types: string[]): Promise<Record<string, number>>;
}

export interface AddOptions {
  delayMs?: number;
  /** Jobs with the same key collapse into one; a job that comes while one is active runs once more after it. */
  dedupeKey?: string;
}

/** Puts jobs in. Losing one is never fatal (see JobMap), so callers may ignore a rejection after logging it. */
@Injectable()
export class JobQueue implements OnModuleDestroy, OnApplicationShutdown {
  private isClosing = false;
  private readonly queue: Producer;

  constructor(
    config: AppConfig,
    private readonly logger: PinoLogger,
  ) {
    const options = {
      connection: connectionFor(config.queueUrl, 'producer'),
      ...queueLayout(config.queueUrl),
    } as QueueOptions;
    const QueueClass = isPostgresUrl(config.queueUrl)
      ? (withBackend(createPostgresBackend).Queue as unknown as typeof Queue)
      : Queue;
    this.queue = new QueueClass(QUEUE_NAME, options);
    this.queue.on('error', (error) => {
      if (!this.isClosing) this.logger.warn({ err: error }, 'queue connection failed');
    });
  }

  /** BullMQ's own object, for {@link QueueBoard} only: one connection serves both. */
  get bull(): Queue {
    return this.queue as unknown as Queue;
  }

  async add<N extends JobName>(name: N, data: JobMap[N], options: AddOptions = {}): Promise<void> {
    await this.queue.add(name, data, {
      delay: options.delayMs,
      ...(options.dedupeKey === undefined ? {} : { deduplication: { id: options.dedupeKey, keepLastIfActive: true } }),
      removeOnComplete: true,
      removeOnFail: { count: 1000, age: 86_400 },
    });
  }

  /** Makes the job come again and again, once per interval however many processes say so. */
  async schedule<N extends JobName>(name: N, data: JobMap[N], everyMs: number): Promise<void> {
    const opts = { removeOnComplete: true, removeOnFail: { count: 10 } };
    await this.queue.upsertJobScheduler(name, { every: everyMs }, { name, data, opts });
  }

  /** Jobs waiting, delayed and active. */
  async depth(): Promise<Record<string, number>> {
    return this.queue.getJobCounts('waiting', 'delayed', 'active');
  }

  onModuleDestroy(): void {
    this.isClosing = true;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.queue.close();
  }
}

/** On a Redis cluster all keys of a queue must hash alike, hence the braces. */
export const queueLayout = (url: string): { prefix?: string } => (isPostgresUrl(url) ? {} : { prefix: '{parley}' });
