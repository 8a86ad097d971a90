import { createPostgresBackend, Queue, type QueueOptions, withBackend } from 'bullmq';
import type { QueueConfig } from '../config';
import type { RedisConnections } from '../redis';
import { postgresConnection, QUEUE_NAME } from './queue-options';

/** The putting-in side of the queue, the same on both backends. */
export interface OpenQueue {
  queue: Queue;
  /** Settles when the first connection is there, or known not to come. */
  ready(): Promise<void>;
  /** Rejects when jobs cannot be put in now. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** How long the mark of a check stays; long enough to be found by a curious person. */
const CHECK_MARK_MS = 10_000;

export function openQueue(config: QueueConfig, redis: RedisConnections): OpenQueue {
  return config.backend === 'postgres' ? openPostgresQueue(config.url) : openRedisQueue(config.prefix, redis);
}

function openPostgresQueue(url: string): OpenQueue {
  const options = { connection: postgresConnection(url, 'producer') } as QueueOptions;
  const PostgresQueue = withBackend(createPostgresBackend).Queue as unknown as typeof Queue;
  const queue = new PostgresQueue(QUEUE_NAME, options);
  return {
    queue,
    ready: () => Promise.resolve(),
    check: async () => void (await queue.getJobCounts('waiting')),
    close: () => queue.close(),
  };
}

function openRedisQueue(prefix: string, redis: RedisConnections): OpenQueue {
  const client = redis.open('queue');
  const queue = new Queue(QUEUE_NAME, {
    connection: client,
    prefix,
    // BullMQ would let every `add` wait until Redis is there, without a limit. The version was looked at when the process started.
    skipWaitingForReady: true,
    skipVersionCheck: true,
  });
  return {
    queue,
    ready: () => redis.ready(client),
    // Writing, because a full server, a replica and one that cannot save its snapshot all answer questions and take no jobs.
    check: async () => void (await client.set(`${prefix}:check`, '1', 'PX', CHECK_MARK_MS)),
    close: async () => {
      await queue.close();
      await redis.close(client);
    },
  };
}
