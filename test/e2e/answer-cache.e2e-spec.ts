import { Client as Postgres } from 'pg';
import { Client, type Message, type SendAnswer } from '../support/client';
import { inconsistencies } from '../support/consistency';
import { EventReader } from '../support/event-reader';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';
import { runJob } from '../support/run-job';

const CACHE = { ttl_seconds: 3_600 };

describe('answers from the cache', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let sql: Postgres;
  let person: Client;

  beforeAll(async () => {
    parley = await startParley({ OPENAI_BASE_URL: await upstream.start(), OPENAI_API_KEY: 'sk-test' });
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
    person = await Client.register(() => parley.url);
  });
  afterAll(async () => {
    expect(await inconsistencies(sql)).toEqual([]);
    await sql.end();
    await parley.stop();
    await upstream.stop();
  });
  beforeEach(() => upstream.reset());

  let count = 0;
  /** Numbers what the model says, so that a repeated answer can be told from a new one. */
  const numbered = (): void => void upstream.next(scenarios.reply(`answer ${(count += 1)}`));
  const reply = async (conversation: number, text: string, who = person): Promise<Message & { cached: boolean }> => {
    const { status, body } = await who.send(conversation, text);
    expect(status).toBe(200);
    return body.assistant_message as SendAnswer['assistant_message'] & { cached: boolean };
  };
  const aPersona = (fields: Record<string, unknown> = {}): Promise<number> =>
    person.persona({ answer_cache: CACHE, ...fields });
  /** What a new conversation is answered to this text. */
  const ask = async (persona: number, text: string, who = person): Promise<Message & { cached: boolean }> => {
    numbered();
    const answered = await reply(await who.conversation(persona), text, who);
    upstream.reset();
    return answered;
  };
  /** Somebody else in the workspace of a persona. */
  const aColleague = async (persona: number): Promise<Client> => {
    const other = await Client.register(() => parley.url);
    await sql.query(
      `INSERT INTO workspace_members (workspace_id, user_id, role) SELECT workspace_id, $2, 'member' FROM personas WHERE id = $1`,
      [persona, other.userId],
    );
    return other;
  };

  it('the same request gets the same answer: marked, without tokens or cost, and nobody is asked', async () => {
    const persona = await aPersona();
    const first = await ask(persona, 'When do you open?');
    expect(first).toMatchObject({ cached: false, status: 'completed' });
    const conversation = await person.conversation(persona);
    const second = await reply(conversation, 'When do you open?');
    expect(second).toMatchObject({
      cached: true,
      content: first.content,
      status: 'completed',
      tokens_used: 0,
      model_used: first.model_used,
      usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0, is_estimated: false },
    });
    expect(upstream.requests).toEqual([]);
    expect((await person.messages(conversation)).at(-1)).toMatchObject({ cached: true });
    const { rows } = await sql.query(
      `SELECT status, total_tokens, cost_usd_micros::int AS cost, upstream_id, channel, purpose FROM model_calls WHERE conversation_id = $1`,
      [conversation],
    );
    expect(rows).toEqual([
      { status: 'cached', total_tokens: 0, cost: 0, upstream_id: null, channel: 'api', purpose: 'reply' },
    ]);
  });

  it('another history, another text or another version of the persona is another request', async () => {
    const persona = await aPersona();
    await ask(persona, 'Hello');
    const conversation = await person.conversation(persona);
    expect((await reply(conversation, 'Hello')).cached).toBe(true);
    expect((await reply(conversation, 'Hello')).cached).toBe(false);
    expect((await ask(persona, 'hello')).cached).toBe(false);
    await person.request('PUT', `/personas/${persona}`, { description: 'Somebody else' });
    expect((await ask(persona, 'Hello')).cached).toBe(false);
  });

  it('a whole conversation that is repeated to the letter is answered from the cache turn by turn', async () => {
    const persona = await aPersona();
    const [one, other] = [await person.conversation(persona), await person.conversation(persona)];
    for (const text of ['one', 'two', 'three']) expect((await reply(one, text)).cached).toBe(false);
    for (const text of ['one', 'two', 'three']) expect((await reply(other, text)).cached).toBe(true);
  });

  it('never goes across users, unless answers are shared and the persona is visible to its workspace', async () => {
    const own = await aPersona({ visibility: 'workspace' });
    const colleague = await aColleague(own);
    await ask(own, 'Hello');
    expect((await ask(own, 'Hello', colleague)).cached).toBe(false);
    const shared = await aPersona({ visibility: 'workspace', answer_cache: { ...CACHE, is_shared: true } });
    const first = await ask(shared, 'Hello');
    expect(await ask(shared, 'Hello', colleague)).toMatchObject({ cached: true, content: first.content });
    await person.request('PUT', `/personas/${shared}`, { visibility: 'private' });
    expect((await ask(shared, 'Hello')).cached).toBe(false);
  });

  it('ends when its time is over; being given again does not extend it', async () => {
    const persona = await aPersona();
    await ask(persona, 'Hello');
    const before = await sql.query('SELECT expires_at FROM cached_answers ORDER BY created_at DESC LIMIT 1');
    expect((await ask(persona, 'Hello')).cached).toBe(true);
    const after = await sql.query('SELECT expires_at FROM cached_answers ORDER BY created_at DESC LIMIT 1');
    expect(after.rows).toEqual(before.rows);
    await sql.query(`UPDATE cached_answers SET expires_at = now() - interval '1 second'`);
    expect((await ask(persona, 'Hello')).cached).toBe(false);
    expect((await ask(persona, 'Hello')).cached).toBe(true);
  });

  it('regenerating asks again, and the new answer takes the place of the old one', async () => {
    const persona = await aPersona();
    const first = await ask(persona, 'Hello');
    numbered();
    const { status, body } = await person.request<SendAnswer>('POST', `/chat/messages/${first.id}/regenerate`);
    expect(status).toBe(200);
    expect(body.assistant_message).toMatchObject({ cached: false });
    expect(body.assistant_message.content).not.toBe(first.content);
    expect(await ask(persona, 'Hello')).toMatchObject({ cached: true, content: body.assistant_message.content });
  });

  it.each([
    ['its message', (message: Message & { conversation_id: number }) => `/chat/messages/${message.id}`],
    [
      'its conversation',
      (message: Message & { conversation_id: number }) => `/chat/conversations/${message.conversation_id}`,
    ],
  ])('goes with %s', async (_what, path) => {
    const persona = await aPersona();
    const first = await ask(persona, 'Hello');
    expect(
      (await person.request('DELETE', path(first as Message & { cached: boolean; conversation_id: number }))).status,
    ).toBe(204);
    expect((await ask(persona, 'Hello')).cached).toBe(false);
  });

  it('goes with an earlier message that it was made of', async () => {
    const persona = await aPersona();
    const [one, other] = [await person.conversation(persona), await person.conversation(persona)];
    const { body } = await person.send(one, 'My secret is 42');
    await reply(one, 'What is it?');
    await person.request('DELETE', `/chat/messages/${body.user_message.id}`);
    await reply(other, 'My secret is 42');
    expect((await reply(other, 'What is it?')).cached).toBe(false);
  });

  it.each([
    ['an answer that was cut', () => scenarios.incomplete()],
    ['a refusal', () => scenarios.refusal()],
    ['a fallback text', () => scenarios.quotaExhausted()],
  ])('%s is not kept', async (_what, scenario) => {
    const persona = await aPersona();
    upstream.next(scenario());
    await reply(await person.conversation(persona), 'Hello');
    expect((await ask(persona, 'Hello')).cached).toBe(false);
  });

  it.each([
    ['tools', { tools: [{ type: 'web_search' }] }],
    ['a conversation at the upstream', { conversation_state: 'conversation' }],
  ])('a persona with %s has no cache', async (_what, fields) => {
    const persona = await aPersona(fields);
    await reply(await person.conversation(persona), 'Hello');
    expect((await reply(await person.conversation(persona), 'Hello')).cached).toBe(false);
  });

  it('streams like any reply', async () => {
    const persona = await aPersona();
    const first = await ask(persona, 'Hello');
    const conversation = await person.conversation(persona);
    const reader = await EventReader.open(`${parley.url}/chat/conversations/${conversation}/send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'Hello' }),
    });
    await reader.ended;
    expect(reader.events.map(({ event }) => event)).toEqual(['turn.started', 'message.delta', 'message.completed']);
    expect(reader.text).toBe(first.content);
    expect(reader.last).toMatchObject({ data: { assistant_message: { cached: true }, usage: { total_tokens: 0 } } });
  });

  it('holds the value in the answer, not the placeholder, when personal data is hidden', async () => {
    const persona = await aPersona({ pii_redaction: { types: ['email'] } });
    await reply(await person.conversation(persona), 'I am dana@example.com');
    expect(await reply(await person.conversation(persona), 'I am dana@example.com')).toMatchObject({
      cached: true,
      content: 'You said: I am dana@example.com',
    });
  });

  it('the clean-up removes what has run out', async () => {
    const persona = await aPersona();
    await ask(persona, 'Hello');
    await sql.query(`UPDATE cached_answers SET expires_at = now() - interval '1 second'`);
    await runJob(parley, 'cached-answers.clean-up');
    await eventually(
      async () => ((await sql.query('SELECT 1 FROM cached_answers')).rows.length === 0 ? true : undefined),
      'the end of what has run out',
    );
  });
});
