import { randomBytes } from 'node:crypto';

/** Tells this process from all others, also where each container has a process 1. */
export const PROCESS_TAG = randomBytes(4).toString('hex');

/**
 * What PostgreSQL shows of a connection in pg_stat_activity: `parley-pool-1f3a9c07`, where the end is the same for all connections of a
 * process. {@link countProcesses} reads it.
 */
export const applicationName = (use: 'pool' | 'events' | 'migrate' | `queue-${string}`): string =>
  `parley-${use}-${PROCESS_TAG}`;

/** BullMQ names the connection on which a worker listens by itself: `<queue>:w:<name of the worker>`. */
export const WORKER_CONNECTION = '^parley:w:[0-9a-f]{8}$';
/** All connections of Parley processes, apart from the short ones of a migration. */
export const PROCESS_CONNECTION = `^parley-(pool|events|queue-[a-z]+)-[0-9a-f]{8}$|${WORKER_CONNECTION}`;
