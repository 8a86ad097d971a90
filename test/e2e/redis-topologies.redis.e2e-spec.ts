import { Client } from '../support/client';
import { FakeOpenAI } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';
import { RedisCluster, RedisSentinels } from '../support/redis';

/** A wake-up through Redis; one that the reconciler finds takes a second at least. */
const WOKEN_MS = 700;

describe('Redis on several servers', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley | undefined;
  let user: Client;

  beforeAll(async () => void (await upstream.start()));
  afterAll(() => upstream.stop());
  afterEach(async () => {
    await parley?.stop();
    parley = undefined;
  });

  async function start(queueUrl: string): Promise<Parley> {
    const started = await startParley({ OPENAI_BASE_URL: upstream.baseUrl, QUEUE_URL: queueUrl });
    user = await Client.register(() => started.url);
    parley = started;
    return started;
  }
  const untilWokenThroughRedis = (): Promise<true> =>
    eventually(async () => {
      const conversation = await user.conversation();
      const startedAt = performance.now();
      expect((await user.send(conversation, 'hello')).body.assistant_message.content).toBe('You said: hello');
      return performance.now() - startedAt < WOKEN_MS ? true : undefined;
    }, 'an answer that was woken through Redis');

  it('Sentinel: when the master dies under load, every message is answered, and wake-ups go through the new one', async () => {
    const sentinels = await RedisSentinels.start();
    try {
      const started = await start(sentinels.url);
      await untilWokenThroughRedis();
      const conversation = await user.conversation();
      const oldPort = await sentinels.masterPort();
      const talking = Promise.all(
        Array.from({ length: 10 }, (_, index) => user.send(conversation, `message ${index}`)),
      );
      await sentinels.data[0]!.stop('SIGKILL');
      await eventually(
        async () => ((await sentinels.masterPort()) === oldPort ? undefined : true),
        'the sentinels to choose another master',
      );
      expect((await talking).map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
      await untilWokenThroughRedis();
      expect(started.log()).not.toMatch(/data-secret|sentinel-secret/);
    } finally {
      await sentinels.remove();
    }
  });

  it('Cluster: messages are answered, and all keys of the queue lie on one node', async () => {
    const cluster = await RedisCluster.start();
    try {
      await start(cluster.url);
      await untilWokenThroughRedis();
      const keys = await Promise.all(cluster.nodes.map((node) => node.keys('{parley}:*')));
      expect(keys.filter((list) => list.length > 0)).toHaveLength(1);
      // Any other node may be the one that listens for events; the loss of one must not make answers slow for good.
      const idle = cluster.nodes.filter((_node, index) => keys[index]!.length === 0);
      await idle[0]!.restart('SIGKILL');
      await untilWokenThroughRedis();
    } finally {
      await cluster.remove();
    }
  });
});
