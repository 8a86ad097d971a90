import { describeRedis, type QueueConfig } from '../config';
import { inspectRedis } from './inspect-redis';
import { RedisRefusedError } from './redis-trouble';

/**
 * The look at Redis before anything is built, so that a server that cannot be used stops the start with one message. One that is away
 * is no reason not to start: restarting a process must not turn slower answers into none.
 * @returns what to say in the log, as a warning or (unreachable) as an error; nothing when the queue lives in PostgreSQL
 * @throws RedisRefusedError when the server answers and cannot be used
 */
export async function checkQueueServer(config: QueueConfig): Promise<{ warnings: string[]; unreachable?: string }> {
  if (config.backend !== 'redis') return { warnings: [] };
  const who = `${config.variable}: ${describeRedis(config.redis)}`;
  try {
    const result = await inspectRedis(config.redis);
    if ('unreachable' in result) {
      return { warnings: [], unreachable: `${who} cannot be reached: ${result.unreachable}.` };
    }
    return { warnings: result.warnings.map((warning) => `${who}: ${warning}`) };
  } catch (error) {
    if (!(error instanceof RedisRefusedError)) throw error;
    throw new RedisRefusedError(`${who}: ${error.message}`);
  }
}
