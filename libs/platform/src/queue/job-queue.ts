import type { JobMap, JobName } from '@app/contracts';
import { Injectable, type OnApplicationShutdown, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { PinoLogger } from 'nestjs-pino';
import { AppConfig } from '../config';
import { SeldomLog } from '../logging/seldom-log';
import { RedisConnections } from '../redis';
import { JobSchedules } from './job-schedules';
import { type OpenQueue, openQueue } from './open-queue';

export interface AddOptions {
  delayMs?: number;
  /** Jobs with the same key collapse into one; a job that comes while one is active runs once more after it. */
  dedupeKey?: string;
}

/** Puts jobs in. Losing one is never fatal (see JobMap), so callers may ignore a rejection after logging it. */
@Injectable()
export class JobQueue implements OnModuleInit, OnModuleDestroy, OnApplicationShutdown {
  private isClosing = false;
  private readonly opened: OpenQueue;
  private readonly schedules: JobSchedules;

  constructor(config: AppConfig, redis: RedisConnections, logger: PinoLogger) {
    this.opened = openQueue(config.queue, redis);
    const trouble = new SeldomLog(logger, 'queue connection failed');
    this.opened.queue.on('error', (error) => {
      // A lost Redis has been told already.
      if (!this.isClosing && !redis.isDown) trouble.warn(error);
    });
    const unscheduled = new SeldomLog(logger, 'housekeeping is not scheduled yet; trying again');
    this.schedules = new JobSchedules(this.opened.queue, (error) => {
      if (!redis.isDown) unscheduled.warn(error);
    });
  }

  /** BullMQ's own object, for {@link QueueBoard} only: one connection serves both. */
  get bull(): Queue {
    return this.opened.queue;
  }

  /** Rejects soon when the queue is away; nothing is kept for later. */
  async add<N extends JobName>(name: N, data: JobMap[N], options: AddOptions = {}): Promise<void> {
    await this.opened.queue.add(name, data, {
      delay: options.delayMs,
      ...(options.dedupeKey === undefined ? {} : { deduplication: { id: options.dedupeKey, keepLastIfActive: true } }),
      removeOnComplete: true,
      removeOnFail: { count: 1000, age: 86_400 },
    });
  }

  /** Makes the job come again and again, once per interval however many processes say so; also when the queue is away now or loses it. */
  schedule<N extends JobName>(name: N, data: JobMap[N], everyMs: number): void {
    this.schedules.add({ name, data, everyMs });
  }

  /** Jobs waiting, delayed and active. */
  async depth(): Promise<Record<string, number>> {
    return this.opened.queue.getJobCounts('waiting', 'delayed', 'active');
  }

  /** Rejects when jobs cannot be put in now. */
  async check(): Promise<void> {
    await this.opened.check();
  }

  async onModuleInit(): Promise<void> {
    await this.opened.ready();
  }

  onModuleDestroy(): void {
    this.isClosing = true;
    this.schedules.close();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.opened.close();
  }
}
