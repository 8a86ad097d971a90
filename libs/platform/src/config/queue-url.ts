import type { EnvReader } from './env-reader';
import { isRedisUrl, parseRedisUrl, RedisUrlProblem, type RedisTarget } from './redis-url';

/** Where wake-ups and events go through. */
export type QueueConfig =
  | { backend: 'postgres'; url: string }
  | {
      backend: 'redis';
      /** The setting that named it, for messages to people. */
      variable: 'QUEUE_URL' | 'REDIS_HOST';
      redis: RedisTarget;
      /** What all keys and channels begin with, as a hash tag, so that a cluster keeps them on one node: `{parley}`. */
      prefix: string;
    };

const POSTGRES_SCHEMES = ['postgres:', 'postgresql:'];
const DEFAULT_PREFIX = 'parley';
const PREFIX = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,49}$/;

/**
 * `QUEUE_URL` picks the backend by its scheme. Without it, `REDIS_HOST` (with `REDIS_PORT`, `REDIS_PASSWORD`) names a Redis; without
 * that, the queue lives in the application's database.
 */
export function readQueue(reader: EnvReader, databaseUrl: string): QueueConfig {
  const text = reader.optional('QUEUE_URL');
  const composed = composedUrl(reader);
  const prefix = readPrefix(reader);
  const redis = (variable: 'QUEUE_URL' | 'REDIS_HOST', url: string): QueueConfig => {
    try {
      return { backend: 'redis', variable, redis: parseRedisUrl(url), prefix };
    } catch (error) {
      if (!(error instanceof RedisUrlProblem)) throw error;
      reader.problem(variable, error.message);
      return { backend: 'postgres', url: databaseUrl };
    }
  };
  if (text !== undefined && isRedisUrl(text)) return redis('QUEUE_URL', text);
  if (text !== undefined && URL.canParse(text) && POSTGRES_SCHEMES.includes(new URL(text).protocol)) {
    return { backend: 'postgres', url: text };
  }
  if (text !== undefined) {
    reader.problem(
      'QUEUE_URL',
      'must be a URL that starts with postgres://, redis://, redis+sentinel:// or redis+cluster:// (rediss for TLS).',
    );
  } else if (composed !== undefined) {
    return redis('REDIS_HOST', composed);
  }
  return { backend: 'postgres', url: databaseUrl };
}

/** What may never be seen in a log. */
export function queueSecrets(queue: QueueConfig): string[] {
  if (queue.backend === 'redis') {
    return [queue.redis.password, queue.redis.sentinel?.password].filter((secret) => secret !== undefined);
  }
  return URL.canParse(queue.url) ? [decodeURIComponent(new URL(queue.url).password)] : [];
}

function composedUrl(reader: EnvReader): string | undefined {
  const host = reader.optional('REDIS_HOST');
  const port = reader.integer('REDIS_PORT', { min: 1, max: 65_535, fallback: 6379 });
  const password = reader.optional('REDIS_PASSWORD');
  if (host === undefined) return undefined;
  const credentials = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
  return `redis://${credentials}${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function readPrefix(reader: EnvReader): string {
  const name = reader.string('QUEUE_PREFIX', DEFAULT_PREFIX);
  if (!PREFIX.test(name)) {
    reader.problem(
      'QUEUE_PREFIX',
      'must have 1 to 50 letters, digits, dots, hyphens or underscores; the braces of a hash tag are added to it.',
    );
  }
  return `{${name}}`;
}
