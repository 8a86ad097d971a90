import { JOB_NAMES, type JobHandler, type JobMap, type JobName } from '@app/contracts';
import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { createPostgresBackend, Worker, withBackend, type WorkerOptions } from 'bullmq';
import { PinoLogger } from 'nestjs-pino';
import { AppConfig } from '../config';
import { PROCESS_TAG } from '../database/application-name';
import { queueLayout } from './job-queue';
import { connectionFor, isPostgresUrl, QUEUE_NAME } from './queue-options';
import { StoredFailure } from './stored-failure';

interface Consumer {
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: { name: string } | undefined, error: Error) => void): unknown;
}

/** Takes jobs out and gives them to their handlers. Handlers register before the application has started. */
@Injectable()
export class JobWorker implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly handlers = new Map<JobName, JobHandler<JobName>>();
  private consumer: Consumer | undefined;
  private isClosing = false;

  constructor(
    private readonly config: AppConfig,
    private readonly logger: PinoLogger,
  ) {}

  register<N extends JobName>(name: N, handler: JobHandler<N>): void {
    if (this.handlers.has(name)) throw new Error(`Two handlers for the job "${name}"; a job has exactly one.`);
    this.handlers.set(name, handler as JobHandler<JobName>);
  }

  onApplicationBootstrap(): void {
    const missing = JOB_NAMES.filter((name) => !this.handlers.has(name));
    if (missing.length > 0) throw new Error(`No handler for the jobs: ${missing.join(', ')}.`);
    const url = this.config.queueUrl;
    const options = {
      connection: connectionFor(url, 'worker'),
      // Names the process in lists of workers and of connections.
      name: PROCESS_TAG,
      ...queueLayout(url),
      concurrency: this.config.engine.workerConcurrency,
      // A killed worker's jobs only wake; the reconciler does not wait for BullMQ to notice. So the slow defaults do no harm.
      maxStalledCount: 5,
    } as WorkerOptions;
    const WorkerClass = isPostgresUrl(url)
      ? (withBackend(createPostgresBackend).Worker as unknown as typeof Worker)
      : Worker;
    const process = async (job: { id?: string; name: string; data: JobMap[JobName] }): Promise<void> => {
      const handler = this.handlers.get(job.name as JobName);
      if (handler === undefined) throw new Error(`No handler for the job "${job.name}".`);
      try {
        await handler(job.data);
      } catch (error) {
        // The log gets the error itself. What is thrown from here stays in the queue, where the queue page shows it.
        if (!this.isClosing) this.logger.error({ err: error, job: job.name, job_id: job.id }, 'job failed');
        throw new StoredFailure(error);
      }
    };
    const consumer = new WorkerClass(QUEUE_NAME, process, options) as unknown as Consumer;
    consumer.on('error', (error) => {
      if (!this.isClosing) this.logger.warn({ err: error }, 'queue worker connection failed');
    });
    consumer.on('failed', (job, error) => {
      if (!this.isClosing && !(error instanceof StoredFailure)) {
        this.logger.error({ err: error, job: job?.name }, 'job failed');
      }
    });
    this.consumer = consumer;
  }

  onModuleDestroy(): void {
    this.isClosing = true;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.consumer?.close();
  }
}
