import { Client, type SendAnswer, type Answer } from '../support/client';
import { FakeOpenAI } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';
import { RedisServer } from '../support/redis';

interface Health {
  status: string;
  database: { status: string };
  queue: { status: string; latency_ms: number };
}

const CONVERSATIONS = 4;

describe('with a Redis that fails', () => {
  const upstream = new FakeOpenAI();
  let redis: RedisServer;
  let parley: Parley;
  let user: Client;

  beforeAll(async () => {
    redis = await RedisServer.start({ password: 'redis-password-that-nobody-may-see' });
    parley = await startParley({ OPENAI_BASE_URL: await upstream.start(), QUEUE_URL: redis.url });
    user = await Client.register(() => parley.url);
  });
  afterAll(async () => {
    await parley.stop();
    await redis.remove();
    await upstream.stop();
  });

  const health = async (url = parley.url): Promise<Health> => (await (await fetch(`${url}/health`)).json()) as Health;
  const isReady = async (url: string): Promise<boolean> => (await fetch(`${url}/health/ready`)).status === 200;
  const untilQueueIs = (status: string): Promise<true> =>
    eventually(async () => ((await health()).queue.status === status ? true : undefined), `the queue to be ${status}`);

  /** Talks in several conversations at once until `isOver`, and returns every answer. */
  async function talkWhile(work: () => Promise<void>): Promise<Answer<SendAnswer>[]> {
    let isOver = false;
    const answers: Answer<SendAnswer>[] = [];
    const conversations = await Promise.all(Array.from({ length: CONVERSATIONS }, () => user.conversation()));
    const talking = conversations.map(async (conversation) => {
      do answers.push(await user.send(conversation, `message ${answers.length}`));
      while (!isOver);
    });
    try {
      await work();
    } finally {
      isOver = true;
      await Promise.all(talking);
    }
    for (const conversation of conversations) {
      const roles = (await user.messages(conversation)).map((message) => message.role);
      expect(roles).toEqual(roles.map((_role, index) => (index % 2 === 0 ? 'user' : 'assistant')));
    }
    return answers;
  }

  function expectAllAnswered(answers: Answer<SendAnswer>[]): void {
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(
      answers.every(({ body }) => body.assistant_message.content === `You said: ${body.user_message.content}`),
    ).toBe(true);
  }

  it('uses it: wake-ups and schedules are there under the prefix', async () => {
    await user.send(await user.conversation(), 'hello');
    const keys = await redis.keys();
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.every((key) => key.startsWith('{parley}:'))).toBe(true);
    expect(keys).toContain('{parley}:parley:repeat:logins.clean-up');
  });

  it('that is killed and restarted under load: every message is answered, and the processes recover', async () => {
    const answers = await talkWhile(async () => {
      await redis.stop('SIGKILL');
      await untilQueueIs('down');
      expect(await health()).toMatchObject({ status: 'degraded', database: { status: 'up' } });
      // Taking every process out of service would turn slow into down.
      expect(await isReady(parley.url)).toBe(true);
      expect(await isReady(parley.worker.url)).toBe(true);
      await redis.start();
      await untilQueueIs('up');
    });
    expectAllAnswered(answers);
    // The worker is woken through Redis again, not found by the reconciler.
    await eventually(async () => {
      const conversation = await user.conversation();
      const startedAt = performance.now();
      await user.send(conversation, 'quick?');
      return performance.now() - startedAt < 500 ? true : undefined;
    }, 'answers to be quick again');
  });

  it('that forgets everything under load: every message is answered', async () => {
    const answers = await talkWhile(async () => {
      for (let round = 0; round < 20; round += 1) {
        await redis.flush();
        await user.send(await user.conversation(), 'between two floods');
      }
    });
    expectAllAnswered(answers);
  });

  it('that hangs: messages are answered, health tells in time, and it ends when Redis goes on', async () => {
    const answers = await talkWhile(async () => {
      redis.pause();
      await untilQueueIs('down');
      const startedAt = performance.now();
      expect(await health()).toMatchObject({ status: 'degraded' });
      expect(performance.now() - startedAt).toBeLessThan(10_000);
      expect((await user.send(await user.conversation(), 'are you there?')).status).toBe(200);
      redis.resume();
      await untilQueueIs('up');
    });
    expectAllAnswered(answers);
  });

  it('that takes no writes counts as down, though it answers questions', async () => {
    await redis.call('CONFIG', 'SET', 'maxmemory', '1');
    await untilQueueIs('down');
    expect((await user.send(await user.conversation(), 'hello')).status).toBe(200);
    await redis.call('CONFIG', 'SET', 'maxmemory', '0');
    await untilQueueIs('up');
  });

  it('that is away while the processes end and start: they end in order, start, and answer', async () => {
    await redis.stop('SIGKILL');
    for (const process of [parley.api, parley.worker]) {
      const startedAt = performance.now();
      await process.kill('SIGTERM');
      expect(performance.now() - startedAt).toBeLessThan(14_000);
    }
    await Promise.all([parley.startApi(), parley.startWorker()]);
    for (const { log } of [parley.api, parley.worker]) {
      expect(log).toContain(`QUEUE_URL: redis://127.0.0.1:${redis.port} cannot be reached: nothing listens there.`);
    }
    expect(await health()).toMatchObject({ status: 'degraded' });
    expectAllAnswered([await user.send(await user.conversation(), 'without you')]);

    await redis.start();
    await untilQueueIs('up');
    await eventually(
      async () => ((await redis.keys()).includes('{parley}:parley:repeat:logins.clean-up') ? true : undefined),
      'the schedules to be there again',
    );
  });

  it('is told in the log without its password, and without a line per message', async () => {
    const before = parley.worker.log.length;
    await redis.stop();
    await talkWhile(() => untilQueueIs('down').then(() => undefined));
    await redis.start();
    await untilQueueIs('up');
    const lines = parley.worker.log.slice(before).split('\n');
    expect(lines.filter((line) => /the connection to Redis/.test(line))).toHaveLength(1);
    expect(lines.filter((line) => /"level":(40|50)/.test(line)).length).toBeLessThan(6);
    expect(parley.log()).not.toContain('redis-password-that-nobody-may-see');
  });
});
