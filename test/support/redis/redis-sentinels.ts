import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, freePort } from '../process';
import { RedisServer } from './redis-server';

export const MASTER_NAME = 'mymaster';
const DATA_PASSWORD = 'data-secret';
const SENTINEL_PASSWORD = 'sentinel-secret';
const SENTINELS = 3;
const QUORUM = 2;
/** Short, so that a test need not wait; a real one takes 5 to 30 s. */
const DOWN_AFTER_MS = 1000;
const FAILOVER_TIMEOUT_MS = 3000;

/** A master and its replica, watched by three sentinels; all with passwords. */
export class RedisSentinels {
  readonly data: RedisServer[] = [];
  private readonly sentinels: RedisServer[] = [];

  /** For QUEUE_URL. */
  get url(): string {
    const hosts = this.sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',');
    return `redis+sentinel://:${DATA_PASSWORD}@${hosts}/${MASTER_NAME}?sentinel_password=${SENTINEL_PASSWORD}`;
  }

  static async start(): Promise<RedisSentinels> {
    const all = new RedisSentinels();
    try {
      await all.startData();
      await Promise.all(Array.from({ length: SENTINELS }, () => all.startSentinel()));
      for (const sentinel of all.sentinels) {
        await eventually(async () => {
          const state = (await sentinel.call('SENTINEL', 'MASTER', MASTER_NAME)) as string[];
          const field = (name: string): number => Number(state[state.indexOf(name) + 1]);
          return field('num-slaves') === 1 && field('num-other-sentinels') === SENTINELS - 1 ? true : undefined;
        }, 'the sentinels to know each other and the replica');
      }
      return all;
    } catch (error) {
      await all.remove();
      throw error;
    }
  }

  /** Port of the server that the sentinels take for the master now. */
  async masterPort(): Promise<number> {
    const address = (await this.sentinels[0]!.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', MASTER_NAME)) as string[];
    return Number(address[1]);
  }

  async remove(): Promise<void> {
    await Promise.all([...this.sentinels, ...this.data].map((server) => server.remove()));
  }

  private async startData(): Promise<void> {
    const login = ['--masterauth', DATA_PASSWORD];
    this.data.push(await RedisServer.start({ password: DATA_PASSWORD, args: login }));
    const replicaOf = ['--replicaof', '127.0.0.1', String(this.data[0]!.port)];
    this.data.push(await RedisServer.start({ password: DATA_PASSWORD, args: [...login, ...replicaOf] }));
  }

  private async startSentinel(): Promise<void> {
    this.sentinels.push(
      await RedisServer.start({
        port: await freePort(),
        password: SENTINEL_PASSWORD,
        configure: (folder) => {
          // A sentinel rewrites its configuration file, so it needs one.
          const file = join(folder, 'sentinel.conf');
          writeFileSync(
            file,
            [
              `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${this.data[0]!.port} ${QUORUM}`,
              `sentinel auth-pass ${MASTER_NAME} ${DATA_PASSWORD}`,
              `sentinel down-after-milliseconds ${MASTER_NAME} ${DOWN_AFTER_MS}`,
              `sentinel failover-timeout ${MASTER_NAME} ${FAILOVER_TIMEOUT_MS}`,
              `requirepass ${SENTINEL_PASSWORD}`,
              `sentinel sentinel-pass ${SENTINEL_PASSWORD}`,
            ].join('\n'),
          );
          return [file, '--sentinel'];
        },
      }),
    );
  }
}
