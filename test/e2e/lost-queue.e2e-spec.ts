import { Client as Postgres } from 'pg';
import { Client, type TurnAnswer } from '../support/client';
import { FakeOpenAI } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';

describe('with the whole queue gone', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;

  beforeAll(async () => {
    parley = await startParley({ OPENAI_BASE_URL: await upstream.start() });
  });
  afterAll(async () => {
    await parley.stop();
    await upstream.stop();
  });

  it('messages are answered all the same, and a slow one does not hold up the others', async () => {
    const user = await Client.register(parley.url);
    const [slow, quick] = [await user.conversation(), await user.conversation()];
    const sql = new Postgres({ connectionString: parley.database.url });
    await sql.connect();
    await sql.query('ALTER SCHEMA bullmq RENAME TO bullmq_gone');
    await sql.end();

    upstream.next({ type: 'reply', text: 'at last', firstTokenDelayMs: 15_000 });
    const first = await user.request<TurnAnswer>(
      'POST',
      `/chat/conversations/${slow}/send`,
      { content: 'take your time' },
      { prefer: 'respond-async' },
    );
    await upstream.waitForRequests(1, 15_000);
    const answer = await user.send(quick, 'quick question');
    expect(answer.body.assistant_message.content).toBe('You said: quick question');
    // The slow one was begun first and still runs.
    const turn = await user.request<TurnAnswer>('GET', `/chat/turns/${first.body.id}`);
    expect(turn.body.status).toBe('running');
  });
});
