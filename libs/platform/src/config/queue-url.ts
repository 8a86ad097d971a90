import type { EnvReader } from './env-reader';

const SCHEMES = ['postgres:', 'postgresql:', 'redis:', 'rediss:'] as const;

/**
 * `QUEUE_URL` picks the backend by its scheme. Without it, `REDIS_HOST` (with `REDIS_PORT`, `REDIS_PASSWORD`) composes one; without
 * that, the queue lives in the application's database.
 */
export function readQueueUrl(reader: EnvReader, databaseUrl: string): string {
  const url = reader.url('QUEUE_URL', SCHEMES);
  if (url !== undefined) return url;
  const redisHost = reader.optional('REDIS_HOST');
  const redisPort = reader.integer('REDIS_PORT', { min: 1, max: 65_535, fallback: 6379 });
  const redisPassword = reader.optional('REDIS_PASSWORD');
  if (redisHost === undefined) return databaseUrl;
  const credentials = redisPassword === undefined ? '' : `:${encodeURIComponent(redisPassword)}@`;
  return `redis://${credentials}${redisHost}:${redisPort}`;
}
