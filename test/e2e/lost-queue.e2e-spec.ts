import { Client as Postgres } from 'pg';
import { type Backend, BACKENDS, startBackend } from '../support/backends';
import { Client, type TurnAnswer } from '../support/client';
import { FakeOpenAI } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';

describe.each(BACKENDS)('with the whole queue gone (queue in %s)', (backendName) => {
  const upstream = new FakeOpenAI();
  let backend: Backend;
  let parley: Parley;

  beforeAll(async () => {
    backend = await startBackend(backendName);
    parley = await startParley({ ...backend.env, OPENAI_BASE_URL: await upstream.start() });
  });
  afterAll(async () => {
    await parley.stop();
    await backend.stop();
    await upstream.stop();
  });

  async function loseQueue(): Promise<void> {
    if (backend.redis !== undefined) return backend.redis.stop('SIGKILL');
    const sql = new Postgres({ connectionString: parley.database.url });
    await sql.connect();
    await sql.query('ALTER SCHEMA bullmq RENAME TO bullmq_gone');
    await sql.end();
  }

  it('messages are answered all the same, and a slow one does not hold up the others', async () => {
    const user = await Client.register(parley.url);
    const [slow, quick] = [await user.conversation(), await user.conversation()];
    await loseQueue();

    upstream.next({ type: 'reply', text: 'at last', firstTokenDelayMs: 60_000 });
    const first = await user.request<TurnAnswer>(
      'POST',
      `/chat/conversations/${slow}/send`,
      { content: 'take your time' },
      { prefer: 'respond-async' },
    );
    await upstream.waitForRequests(1, 45_000);
    const answer = await user.send(quick, 'quick question');
    expect(answer.body.assistant_message.content).toBe('You said: quick question');
    // The slow one was begun first and still runs.
    const turn = await user.request<TurnAnswer>('GET', `/chat/turns/${first.body.id}`);
    expect(turn.body.status).toBe('running');

    // Health says it, and keeps the processes in service: they work.
    for (const url of [parley.url, parley.worker.url]) {
      const health = await fetch(`${url}/health`);
      expect(health.status).toBe(200);
      expect(await health.json()).toMatchObject({
        status: 'degraded',
        database: { status: 'up' },
        queue: { status: 'down' },
      });
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    }
  });
});
