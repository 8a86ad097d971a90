import type { PinoLogger } from 'nestjs-pino';
import type { RedisClient } from './redis-client';

/**
 * Two installations with one prefix on one Redis take each other's wake-ups: nothing is lost, everything is slower, and nothing says why.
 * So the last one to start leaves its name, and says when it finds another.
 * @param installation what tells this installation's database from all others
 */
export async function claimPrefix(
  client: RedisClient,
  prefix: string,
  installation: string,
  logger: PinoLogger,
): Promise<void> {
  const key = `${prefix}:installation`;
  const before = await client.get(key);
  if (before === installation) return;
  await client.set(key, installation);
  if (before === null) return;
  logger.warn(
    `QUEUE_PREFIX: this Redis was last used by a Parley with another database under the prefix ${prefix}. If that one still runs, give each its own QUEUE_PREFIX, or answers of both are slow. If the database has only moved, all is well.`,
  );
}
