import { Client as Postgres } from 'pg';
import { isFullForm } from './form';
import { RedisServer, redisBinary } from './redis-server';

export type QueueBackend = 'postgres' | 'redis';

const BACKENDS: readonly QueueBackend[] = ['postgres', 'redis'];

/** The queue of one test run. */
export interface QueueServer {
  env: NodeJS.ProcessEnv;
  /** Undefined when the queue lives in PostgreSQL. */
  redis: RedisServer | undefined;
  /** Destroys everything that the queue holds. */
  wipe(): Promise<void>;
  stop(): Promise<void>;
}

/** The backends that this machine can run, or the one of `FAULTS_BACKEND`. Says so when Redis is missing. */
export function queueBackends(): QueueBackend[] {
  const wanted = process.env.FAULTS_BACKEND;
  if (wanted !== undefined && !(BACKENDS as readonly string[]).includes(wanted)) {
    throw new Error(`FAULTS_BACKEND must be one of: ${BACKENDS.join(', ')}.`);
  }
  const asked = wanted === undefined ? BACKENDS : [wanted as QueueBackend];
  if (!asked.includes('redis') || redisBinary() !== undefined) return [...asked];
  process.stderr.write(
    'FAULTS: there is no redis-server here, so the Redis half does not run. Install it: apt install redis-server\n',
  );
  return ['postgres'];
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

/** @param databaseUrl the application's database, which is also the queue of the PostgreSQL backend */
export async function startQueue(backend: QueueBackend, databaseUrl: string): Promise<QueueServer> {
  if (backend === 'postgres') {
    const wipe = async (): Promise<void> => {
      const sql = new Postgres({ connectionString: databaseUrl });
      await sql.connect();
      await sql.query('DROP SCHEMA bullmq CASCADE');
      await sql.end();
    };
    return { env: {}, redis: undefined, wipe, stop: () => Promise.resolve() };
  }
  const binary = redisBinary();
  if (binary === undefined) throw new Error('There is no redis-server here.');
  const redis = await RedisServer.start(binary);
  return {
    env: { QUEUE_URL: redis.url },
    redis,
    wipe: async () => void (await redis.command('FLUSHALL')),
    stop: () => redis.down(),
  };
}
