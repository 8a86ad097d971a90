import type { RedisTarget } from '../config';
import type { Redis } from 'ioredis';
import { within } from '../within';
import { createSentinelRedis, createSingleRedis } from './redis-client';
import { NO_ANSWER, reasonOf, refusalFor, RedisRefusedError } from './redis-trouble';
import { judge, readFacts } from './server-facts';

/** Whether Redis can be used: `warnings` when it answers, `unreachable` with the reason when nobody does. */
export type Inspection = { unreachable: string } | { warnings: string[] };

const DEADLINE_MS = 4000;
const MAYBE_NO_TLS = 'does it speak TLS on that port? rediss:// is for TLS, redis:// without';

/**
 * Asks Redis who it is.
 * @throws RedisRefusedError when it answers and cannot be used: a wrong password, a wrong kind of URL, a version that is too old
 */
export async function inspectRedis(target: RedisTarget): Promise<Inspection> {
  if (target.sentinel !== undefined) {
    const trouble = await findMaster(target, target.sentinel.master);
    if (trouble !== undefined) return { unreachable: trouble };
  }
  let unreachable = '';
  // Of a cluster any node will do; elsewhere there is one server to ask.
  const attempts = target.mode === 'cluster' ? target.nodes.length : 1;
  for (let index = 0; index < attempts; index += 1) {
    try {
      const info = await ask(createSingleRedis(target, 'check', index), (client) => client.info());
      const { refusal, warnings } = judge(readFacts(info), target.mode);
      if (refusal !== undefined) throw new RedisRefusedError(refusal);
      return { warnings };
    } catch (error) {
      const reason = unreachableOrThrow(error);
      // A server without TLS waits for the rest of what it takes for a very long command.
      unreachable = target.isTls && reason === NO_ANSWER ? `${reason} (${MAYBE_NO_TLS})` : reason;
    }
  }
  return { unreachable };
}

/** Undefined when a sentinel knows the master, else why it cannot be asked. @throws RedisRefusedError when all say that there is none */
async function findMaster(target: RedisTarget, master: string): Promise<string | undefined> {
  let unreachable: string | undefined;
  for (const index of target.nodes.keys()) {
    try {
      const found = await ask(createSentinelRedis(target, index), (client) =>
        client.call('SENTINEL', 'get-master-addr-by-name', master),
      );
      if (found !== null) return undefined;
    } catch (error) {
      unreachable = `no sentinel answers: ${unreachableOrThrow(error, 'a sentinel: ')}`;
    }
  }
  if (unreachable !== undefined) return unreachable;
  throw new RedisRefusedError(`the sentinels know no master named "${master}". SENTINEL MASTERS lists the names.`);
}

function unreachableOrThrow(error: unknown, who = ''): string {
  if (error instanceof RedisRefusedError) throw error;
  const refusal = refusalFor(error as Error);
  if (refusal !== undefined) throw new RedisRefusedError(`${who}${refusal}`);
  return reasonOf(error as Error);
}

/** One question on a connection of its own. The server's own words win over "connection closed", which follows from them. */
async function ask<T>(client: Redis, question: (client: Redis) => Promise<T>): Promise<T> {
  let said: Error | undefined;
  client.on('error', (error: Error) => (said ??= error));
  try {
    const answer = await within(
      client.connect().then(() => question(client)),
      DEADLINE_MS,
    );
    // A database that does not exist is refused beside the question; ioredis would go on with number 0.
    if (said !== undefined) throw said;
    return answer;
  } catch (error) {
    throw said ?? error;
  } finally {
    client.disconnect();
  }
}
