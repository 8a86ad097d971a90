/** One queue for all wake-ups: they are tiny, and one consumer loop per process is enough. */
export const QUEUE_NAME = 'parley';

/** Schema of BullMQ's own tables when the queue lives in PostgreSQL. */
export const QUEUE_SCHEMA = 'bullmq';

const QUEUE_CONNECTIONS = 3;
const WORKER_CONNECTIONS = 4;

/** BullMQ's `connection` option for a queue in PostgreSQL. */
export const postgresConnection = (url: string, role: 'producer' | 'worker'): Record<string, unknown> => ({
  connectionString: url,
  schema: QUEUE_SCHEMA,
  max: role === 'worker' ? WORKER_CONNECTIONS : QUEUE_CONNECTIONS,
  application_name: `parley-queue-${role}`,
});
