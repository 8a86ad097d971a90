import { createPostgresBackend, Queue, withBackend, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Client, Pool } from 'pg';

/** The parts of the floor: `pg`, one BullMQ queue on the backend of `FLOOR_QUEUE`, and NOTIFY or pub/sub for the way back. */
const databaseUrl = process.env.FLOOR_DATABASE!;
const queueUrl = process.env.FLOOR_QUEUE!;
const isPostgres = queueUrl.startsWith('postgres');
const CHANNEL = 'floor';

export interface FloorJob {
  conversation: number;
  id: string;
}

export const pool = (): Pool => new Pool({ connectionString: databaseUrl, max: 10 });

const connection = (): object =>
  isPostgres ? { connectionString: queueUrl, schema: 'bullmq', max: 4 } : { url: queueUrl, maxRetriesPerRequest: null };

export function bareQueue(): Queue<FloorJob> {
  const QueueClass = isPostgres ? (withBackend(createPostgresBackend).Queue as unknown as typeof Queue) : Queue;
  return new QueueClass<FloorJob>('floor', { connection: connection(), prefix: '{floor}' });
}

export function bareWorker(work: (job: FloorJob) => Promise<void>): void {
  const WorkerClass = isPostgres ? (withBackend(createPostgresBackend).Worker as unknown as typeof Worker) : Worker;
  const options = { connection: connection(), prefix: '{floor}', concurrency: 200 } as never;
  const worker = new WorkerClass<FloorJob>('floor', (job) => work(job.data), options);
  worker.on('error', (error) => process.stderr.write(`floor worker: ${error.message}\n`));
}

/** Best effort messages between the two processes. */
export async function bareBus(
  listener?: (payload: string) => void,
): Promise<{ send(payload: string): Promise<unknown> }> {
  if (!isPostgres) {
    if (listener !== undefined) {
      const subscriber = new Redis(queueUrl);
      await subscriber.subscribe(CHANNEL);
      subscriber.on('message', (_channel, payload) => listener(payload));
    }
    const publisher = new Redis(queueUrl);
    return { send: (payload) => publisher.publish(CHANNEL, payload) };
  }
  if (listener !== undefined) {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
    client.on('notification', (message) => listener(message.payload ?? ''));
  }
  const sender = pool();
  return { send: (payload) => sender.query('SELECT pg_notify($1, $2)', [CHANNEL, payload]) };
}
