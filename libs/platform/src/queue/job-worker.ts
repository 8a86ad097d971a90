import { JOB_NAMES, type JobHandler, type JobMap, type JobName } from '@app/contracts';
import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { AppConfig } from '../config';
import { SeldomLog } from '../logging/seldom-log';
import { RedisConnections } from '../redis';
import { type OpenWorker, openWorker } from './open-worker';
import { StoredFailure } from './stored-failure';

/** Takes jobs out and gives them to their handlers. Handlers register before the application has started. */
@Injectable()
export class JobWorker implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly handlers = new Map<JobName, JobHandler<JobName>>();
  private opened: OpenWorker | undefined;
  private isClosing = false;

  constructor(
    private readonly config: AppConfig,
    private readonly redis: RedisConnections,
    private readonly logger: PinoLogger,
  ) {}

  register<N extends JobName>(name: N, handler: JobHandler<N>): void {
    if (this.handlers.has(name)) throw new Error(`Two handlers for the job "${name}"; a job has exactly one.`);
    this.handlers.set(name, handler as JobHandler<JobName>);
  }

  onApplicationBootstrap(): void {
    const missing = JOB_NAMES.filter((name) => !this.handlers.has(name));
    if (missing.length > 0) throw new Error(`No handler for the jobs: ${missing.join(', ')}.`);
    const process = async (job: { id?: string; name: string; data: unknown }): Promise<void> => {
      const handler = this.handlers.get(job.name as JobName);
      if (handler === undefined) throw new Error(`No handler for the job "${job.name}".`);
      try {
        await handler(job.data as JobMap[JobName]);
      } catch (error) {
        // The log gets the error itself. What is thrown from here stays in the queue, where the queue page shows it.
        if (!this.isClosing) this.logger.error({ err: error, job: job.name, job_id: job.id }, 'job failed');
        throw new StoredFailure(error);
      }
    };
    this.opened = openWorker(this.config.queue, this.redis, process, this.config.engine.workerConcurrency);
    const trouble = new SeldomLog(this.logger, 'queue worker connection failed');
    this.opened.worker.on('error', (error) => {
      // A lost Redis has been told already.
      if (!this.isClosing && !this.redis.isDown) trouble.warn(error);
    });
    this.opened.worker.on('failed', (job, error) => {
      if (!this.isClosing && !(error instanceof StoredFailure)) {
        this.logger.error({ err: error, job: job?.name }, 'job failed');
      }
    });
  }

  onModuleDestroy(): void {
    this.isClosing = true;
    // What it took now it would not do any more; others are to have it. Does not wait for what runs.
    void this.opened?.worker.pause(true).catch(() => undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.opened?.close();
  }
}
