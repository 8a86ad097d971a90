import { RedisServer } from './redis';

export type QueueBackend = 'postgres' | 'redis';

/** In CI the Redis half must run, so that a missing server is a failure and not a smaller suite. */
const isRedisWanted = (process.env.TEST_REDIS_SERVER ?? '') !== '' || (process.env.CI ?? '') !== '';

/** The backends that can be tested here. When Redis is missing, the end of the run says so (redis-half-reporter). */
export const BACKENDS: readonly QueueBackend[] = isRedisWanted ? ['postgres', 'redis'] : ['postgres'];

export interface Backend {
  /** Settings that choose the backend. */
  env: NodeJS.ProcessEnv;
  /** Only with Redis. */
  redis: RedisServer | undefined;
  stop(): Promise<void>;
}

/** What a test file needs to run on a backend. */
export async function startBackend(backend: QueueBackend): Promise<Backend> {
  if (backend === 'postgres') return { env: {}, redis: undefined, stop: () => Promise.resolve() };
  const redis = await RedisServer.start();
  return { env: { QUEUE_URL: redis.url }, redis, stop: () => redis.remove() };
}
