import { applicationName } from '../database/application-name';
import { QUEUE_CONNECTIONS, WORKER_CONNECTIONS } from '../database/connection-budget';

/** One queue for all wake-ups: they are tiny, and one consumer loop per process is enough. */
export const QUEUE_NAME = 'parley';

/** Schema of BullMQ's own tables when the queue lives in PostgreSQL. */
export const QUEUE_SCHEMA = 'bullmq';

export const isPostgresUrl = (url: string): boolean => /^postgres(ql)?:/.test(url);

/** BullMQ's `connection` option for a queue URL. `role` decides how long Redis commands may wait. */
export function connectionFor(url: string, role: 'producer' | 'worker'): Record<string, unknown> {
  if (isPostgresUrl(url)) {
    return {
      connectionString: url,
      schema: QUEUE_SCHEMA,
      max: role === 'worker' ? WORKER_CONNECTIONS : QUEUE_CONNECTIONS,
      // Wake-ups may be lost, so their commits need not wait for the disk.
      options: '-c synchronous_commit=off',
      application_name: applicationName(`queue-${role}`),
    };
  }
  const parsed = new URL(url);
  return {
    host: parsed.hostname,
    port: Number(parsed.port || 6379),
    username: decodeURIComponent(parsed.username) || undefined,
    password: decodeURIComponent(parsed.password) || undefined,
    db: Number(parsed.pathname.slice(1) || 0),
    tls: parsed.protocol === 'rediss:' ? {} : undefined,
    // A worker waits for Redis to come back; a producer fails fast, and the reconciler wakes the turn later.
    maxRetriesPerRequest: role === 'worker' ? null : 1,
    enableOfflineQueue: role === 'worker',
  };
}
