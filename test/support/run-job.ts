import { createPostgresBackend, withBackend } from 'bullmq';
import type { Parley } from './parley';

/** Lets the worker do a scheduled job now, or one with such data. */
export async function runJob(parley: Parley, job: string, data: object = {}): Promise<void> {
  const queue = new (withBackend(createPostgresBackend).Queue)('parley', {
    connection: { connectionString: parley.database.url, schema: 'bullmq' },
  });
  await queue.add(job, data, { removeOnComplete: true });
  await queue.close();
}
