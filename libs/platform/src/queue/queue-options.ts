import '../database/heard-errors';
import { applicationName } from '../database/application-name';
import { QUEUE_CONNECTIONS, WORKER_CONNECTIONS } from '../database/connection-budget';

/** One queue for all wake-ups: they are tiny, and one consumer loop per process is enough. */
export const QUEUE_NAME = 'parley';

/** Schema of BullMQ's own tables when the queue lives in PostgreSQL. */
export const QUEUE_SCHEMA = 'bullmq';

/** BullMQ's `connection` option for a queue in PostgreSQL. */
export const postgresConnection = (url: string, role: 'producer' | 'worker'): Record<string, unknown> => ({
  connectionString: url,
  schema: QUEUE_SCHEMA,
  max: role === 'worker' ? WORKER_CONNECTIONS : QUEUE_CONNECTIONS,
  // Wake-ups may be lost, so their commits need not wait for the disk.
  options: '-c synchronous_commit=off',
  application_name: applicationName(`queue-${role}`),
});
