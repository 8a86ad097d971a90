import { createPostgresBackend, withBackend } from 'bullmq';
import type { Parley } from './parley';

/** Lets the worker do a scheduled job now. */
export async function runJob(parley: Parley, job: string): Promise<void> {
  const queue = new (withBackend(createPostgresBackend).Queue)('parley', {
    connection: { connectionString: parley.database.url, schema: 'bullmq' },
  });
  await queue.add(job, {}, { removeOnComplete: true });
  await queue.close();
}
