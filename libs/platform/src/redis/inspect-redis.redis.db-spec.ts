import { PinoLogger } from 'nestjs-pino';
import { freePort } from '../../../../test/support/process';
import { RedisServer } from '../../../../test/support/redis';
import { parseRedisUrl } from '../config';
import { claimPrefix } from './claim-prefix';
import { inspectRedis } from './inspect-redis';
import { createSingleRedis } from './redis-client';
import { RedisRefusedError } from './redis-trouble';

describe('inspectRedis', () => {
  const servers: RedisServer[] = [];
  let secured: RedisServer;
  let clustered: RedisServer;
  let evicting: RedisServer;

  beforeAll(async () => {
    secured = await RedisServer.start({ password: 'right-password' });
    clustered = await RedisServer.start({ args: ['--cluster-enabled', 'yes'] });
    evicting = await RedisServer.start({ args: ['--maxmemory-policy', 'allkeys-lru'] });
    servers.push(secured, clustered, evicting);
  });
  afterAll(() => Promise.all(servers.map((server) => server.remove())));

  it.each([
    ['a wrong password', () => `redis://:hunter22@127.0.0.1:${secured.port}`, /refuses the user or the password/],
    ['a wrong user', () => `redis://me:right-password@127.0.0.1:${secured.port}`, /refuses the user or the password/],
    ['no password', () => `redis://127.0.0.1:${secured.port}`, /wants a password/],
    ['a database that is not there', () => `${secured.url}/99`, /no logical database of that number/],
    ['a cluster that is none', () => secured.url.replace('redis:', 'redis+cluster:'), /not a cluster.+redis:/],
    ['a node of a cluster', () => clustered.url, /node of a cluster.+redis\+cluster:/],
    [
      'a wrong password of the sentinels',
      () => `redis+sentinel://:right-password@127.0.0.1:${secured.port}/main?sentinel_password=hunter22`,
      /a sentinel: it refuses the user or the password/,
    ],
    ['a sentinel that is none', () => `redis+sentinel://127.0.0.1:${evicting.port}/main`, /it is no sentinel/],
    [
      'another kind of server',
      () => `redis://127.0.0.1:${new URL(process.env.TEST_POSTGRES_URL!).port}`,
      /no Redis|closes/,
    ],
  ])('%s is refused with the fix, and without the password', async (_what, url, text) => {
    let message = '';
    try {
      const result = await inspectRedis(parseRedisUrl(url()));
      message = 'unreachable' in result ? result.unreachable : '';
    } catch (error) {
      if (!(error instanceof RedisRefusedError)) throw error;
      ({ message } = error);
    }
    expect(message).toMatch(text);
    expect(message).not.toMatch(/hunter22|right-password/);
  });

  it('one that throws keys away when it is full can be used, with a warning', async () => {
    expect(await inspectRedis(parseRedisUrl(evicting.url))).toEqual({
      warnings: [expect.stringContaining('CONFIG SET maxmemory-policy noeviction') as string],
    });
    expect(await inspectRedis(parseRedisUrl(secured.url))).toEqual({ warnings: [] });
  });

  it.each([
    ['nobody listens', (port: number) => `redis://127.0.0.1:${port}`, 'nothing listens there'],
    [
      'no sentinel listens',
      (port: number) => `redis+sentinel://127.0.0.1:${port}/main`,
      'no sentinel answers: nothing',
    ],
    ['the name is unknown', () => 'redis://nowhere.invalid', 'host name'],
    ['it speaks no TLS', () => secured.url.replace('redis:', 'rediss:'), 'rediss:// is for TLS'],
  ])('where %s it is unreachable, in words', async (_what, url, text) => {
    const result = await inspectRedis(parseRedisUrl(url(await freePort())));
    expect(result).toEqual({ unreachable: expect.stringContaining(text) as string });
  });

  it('of a cluster any node that answers will do', async () => {
    const url = `redis+cluster://127.0.0.1:${await freePort()},127.0.0.1:${clustered.port}`;
    expect(await inspectRedis(parseRedisUrl(url))).toEqual({ warnings: [] });
  });

  it('a second installation under the same prefix is told, and one that comes back is not', async () => {
    const warnings: string[] = [];
    const logger = { warn: (text: string) => void warnings.push(text) } as unknown as PinoLogger;
    const client = createSingleRedis(parseRedisUrl(evicting.url), 'test');
    await claimPrefix(client, '{parley}', 'first', logger);
    await claimPrefix(client, '{parley}', 'first', logger);
    await claimPrefix(client, '{other}', 'second', logger);
    expect(warnings).toEqual([]);
    await claimPrefix(client, '{parley}', 'second', logger);
    expect(warnings).toEqual([expect.stringContaining('QUEUE_PREFIX') as string]);
    client.disconnect();
  });
});
