import { Client as Postgres } from 'pg';
import { BACKENDS, type QueueBackend, startBackend } from '../../support/backends';
import type { RedisServer } from '../../support/redis';
import { isFullForm } from './form';

/** The queue of one test run. */
export interface QueueServer {
  env: NodeJS.ProcessEnv;
  /** Undefined when the queue lives in PostgreSQL. */
  redis: RedisServer | undefined;
  /** Destroys everything that the queue holds. */
  wipe(): Promise<void>;
  stop(): Promise<void>;
}

/** The backends that this machine can run, or the one of `FAULTS_BACKEND`. */
export function queueBackends(): QueueBackend[] {
  const wanted = process.env.FAULTS_BACKEND;
  if (wanted === undefined) return [...BACKENDS];
  if (wanted !== 'postgres' && wanted !== 'redis') throw new Error('FAULTS_BACKEND must be postgres or redis.');
  return [wanted];
}

/**
 * For scenarios that the queue hardly touches: the full form runs them on every backend, the short one on the backend where they are harder
 * (or on PostgreSQL when there is no Redis).
 */
export function queueBackendsOrOne(harder: QueueBackend): QueueBackend[] {
  const all = queueBackends();
  if (isFullForm() || all.length === 1) return all;
  return [harder];
}

/** Whoever works with the queue meanwhile takes the locks of its tables in another order; then PostgreSQL picks one to fail. */
async function dropQueue(sql: Postgres): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await sql.query('DROP SCHEMA bullmq CASCADE');
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== '40P01' || tries === 10) throw error;
    }
  }
}

/** @param databaseUrl the application's database, which is also the queue of the PostgreSQL backend */
export async function startQueue(backend: QueueBackend, databaseUrl: string): Promise<QueueServer> {
  if (backend === 'postgres') {
    const wipe = async (): Promise<void> => {
      const sql = new Postgres({ connectionString: databaseUrl });
      await sql.connect();
      try {
        await dropQueue(sql);
      } finally {
        await sql.end();
      }
    };
    return { env: {}, redis: undefined, wipe, stop: () => Promise.resolve() };
  }
  const started = await startBackend(backend);
  return { env: started.env, redis: started.redis, wipe: () => started.redis!.flush(), stop: () => started.stop() };
}
