import type { AppConfig } from '../config';

/** Connections of BullMQ's pool that puts jobs in. A third one brings nothing measurable. */
export const QUEUE_CONNECTIONS = 2;
/** Connections of BullMQ's pool that takes jobs out. */
export const WORKER_CONNECTIONS = 4;
/** One on which BullMQ's worker listens, beside its pool. */
const WORKER_LISTENS = 1;
/** One on which the events of other processes arrive. */
const EVENTS = 1;
/** While a process starts, before its pool is open: one holds the migration lock, two migrate. */
export const MIGRATION_CONNECTIONS = 3;

/** The most connections to PostgreSQL that one process may hold. */
export interface ConnectionBudget {
  api: number;
  /** Also the standalone process, which is an api and a worker with one pool. */
  worker: number;
}

/** What a process of each kind may open, with these settings. With a queue in Redis, or in a PostgreSQL of its own, fewer are needed here. */
export function connectionBudget({ database, queue }: Pick<AppConfig, 'database' | 'queue'>): ConnectionBudget {
  const isInRedis = queue.backend === 'redis';
  const isQueueHere = !isInRedis && queue.url === database.url;
  const api = database.poolSize + (isInRedis ? 0 : EVENTS) + (isQueueHere ? QUEUE_CONNECTIONS : 0);
  return { api, worker: api + (isQueueHere ? WORKER_CONNECTIONS + WORKER_LISTENS : 0) };
}

/** What the server and its users have at the moment. */
export interface ServerLimits {
  /** Connections that Parley's user can get: the smallest of the limits of the server, the database and the user. */
  usable: number;
  /** Parley processes that are connected, this one included. */
  apis: number;
  workers: number;
}

/** A sentence when these processes can want more connections than there are; else undefined. */
export function connectionWarning(
  budget: ConnectionBudget,
  { usable, apis, workers }: ServerLimits,
): string | undefined {
  const wanted = apis * budget.api + workers * budget.worker;
  if (wanted <= usable) return undefined;
  return (
    `PostgreSQL can run out of connections: Parley can get ${usable}, and the ${apis + workers} processes that are connected may open up to ${wanted} ` +
    `(${apis} api × ${budget.api}, ${workers} worker × ${budget.worker}). Under load some requests would be answered with 503. ` +
    'Raise max_connections of PostgreSQL, lower DATABASE_POOL_SIZE, run fewer processes, or put the queue into Redis (QUEUE_URL).'
  );
}
