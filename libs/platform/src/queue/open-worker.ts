import { createPostgresBackend, withBackend, Worker } from 'bullmq';
import type { QueueConfig } from '../config';
import { PROCESS_TAG } from '../database/application-name';
import type { RedisConnections } from '../redis';
import { within } from '../within';
import { postgresConnection, QUEUE_NAME } from './queue-options';

/** The taking-out side of the queue, the same on both backends. */
export interface OpenWorker {
  worker: Worker;
  close(): Promise<void>;
}

export type Processor = (job: { id?: string; name: string; data: unknown }) => Promise<void>;

/** After an error of Redis itself (loading, failing over) the next look comes after this; BullMQ's own 15 s would leave all work to the reconciler. */
const RETRY_MS = 1000;
/** Handlers have ended by then; what is left is a goodbye that nobody may be there to hear. */
const CLOSE_DEADLINE_MS = 4000;

export function openWorker(
  config: QueueConfig,
  redis: RedisConnections,
  process: Processor,
  concurrency: number,
): OpenWorker {
  const options = {
    concurrency,
    // Names the process in lists of workers and of connections.
    name: PROCESS_TAG,
    runRetryDelay: RETRY_MS,
    // A killed worker's jobs only wake; the reconciler does not wait for BullMQ to notice. So the slow defaults do no harm.
    maxStalledCount: 5,
  };
  if (config.backend === 'postgres') {
    const PostgresWorker = withBackend(createPostgresBackend).Worker as unknown as typeof Worker;
    const worker = new PostgresWorker(QUEUE_NAME, process, {
      ...options,
      connection: postgresConnection(config.url, 'worker'),
    });
    return { worker, close: () => worker.close() };
  }
  const client = redis.open('worker');
  const worker = new Worker(QUEUE_NAME, process, { ...options, connection: client, prefix: config.prefix });
  return {
    worker,
    close: async () => {
      // Without Redis BullMQ waits for it to come back before it says goodbye.
      await within(worker.close(redis.isDown), CLOSE_DEADLINE_MS).catch(() => undefined);
      await redis.close(client);
    },
  };
}
