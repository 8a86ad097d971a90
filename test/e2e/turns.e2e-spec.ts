import { Client as Postgres } from 'pg';
import { type Backend, BACKENDS, type QueueBackend, startBackend } from '../support/backends';
import { Client, type Problem, type TurnAnswer } from '../support/client';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';

interface LedgerRow {
  turn_id: number;
  attempt: number;
  status: string;
  error_code: string | null;
  total_tokens: number | null;
}

// Which API the upstream speaks does not meet the queue, so three of the four pairs tell everything.
const VARIANTS = BACKENDS.flatMap((backend): [QueueBackend, 'responses' | 'chat'][] =>
  backend === 'postgres'
    ? [
        [backend, 'responses'],
        [backend, 'chat'],
      ]
    : [[backend, 'responses']],
);

describe.each(VARIANTS)('a message gets its answer (queue in %s, OPENAI_API=%s)', (backendName, api) => {
  const upstream = new FakeOpenAI();
  let backend: Backend;
  let parley: Parley;
  let sql: Postgres;
  let user: Client;

  const ledger = async (turnId: number): Promise<LedgerRow[]> =>
    (
      await sql.query<LedgerRow>(
        'SELECT turn_id, attempt, status, error_code, total_tokens FROM model_calls WHERE turn_id = $1 ORDER BY attempt',
        [turnId],
      )
    ).rows;

  beforeAll(async () => {
    const baseUrl = await upstream.start();
    backend = await startBackend(backendName);
    parley = await startParley({
      ...backend.env,
      OPENAI_BASE_URL: baseUrl,
      OPENAI_API_KEY: 'sk-test-key-that-nobody-may-see',
      OPENAI_API: api,
      OPENAI_TIMEOUT: '10000',
      OPENAI_TOTAL_TIMEOUT: '30000',
      OPENAI_MAX_RETRIES: '3',
      // The tests count requests; summaries have a file of their own.
      CONTEXT_SUMMARY: 'false',
    });
    sql = new Postgres({ connectionString: parley.database.url });
    // Dropping the database at the end ends this connection from the other side.
    sql.on('error', () => undefined);
    await sql.connect();
    user = await Client.register(() => parley.url);
  });

  afterAll(async () => {
    await sql.end();
    await parley.stop();
    await backend.stop();
    await upstream.stop();
  });

  beforeEach(() => upstream.reset());

  it('answers with both messages, tokens, model and time', async () => {
    const conversation = await user.conversation();
    const { status, body } = await user.send(conversation, 'Hi Alex! How are you doing today?');
    expect(status).toBe(200);
    expect(body.user_message).toMatchObject({ role: 'user', seq: 1, content: 'Hi Alex! How are you doing today?' });
    expect(body.assistant_message).toMatchObject({
      role: 'assistant',
      seq: 2,
      status: 'completed',
      content: 'You said: Hi Alex! How are you doing today?',
      model_used: 'gpt-6-luna',
    });
    expect(body.assistant_message.tokens_used).toBe((await ledger(body.turn_id)).at(-1)?.total_tokens);
    expect(body.conversation.title).toBe('Hi Alex! How are you doing today?');
  });

  it('tells the model who it is, what was said before, and ends with the new message', async () => {
    const persona = await user.persona({
      name: 'Mira',
      description: 'A patient teacher',
      relationship_type: 'sibling',
    });
    const conversation = await user.conversation(persona);
    await user.send(conversation, 'first');
    await user.send(conversation, 'second');
    const { body } = upstream.requests.at(-1)!;
    const list = (body.input ?? body.messages) as { role: string; content: unknown }[];
    const said = list.filter((item) => item.role !== 'system' && item.role !== 'developer');
    expect(said.map((item) => item.role)).toEqual(['user', 'assistant', 'user']);
    expect(JSON.stringify(said[2])).toContain('second');
    const prompt = JSON.stringify(body);
    for (const part of [
      'YOU ARE: Mira',
      'YOUR ROLE: A patient teacher',
      'sisterly advice',
      'REMEMBER: Maintain the coaching approach',
    ]) {
      expect(prompt).toContain(part);
    }
  });

  it('50 parallel sends to one conversation get 50 replies, strictly in order', async () => {
    const conversation = await user.conversation();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => user.send(conversation, `message ${index}`)),
    );
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 50 }, () => 200));
    for (const { body } of answers) {
      expect(body.assistant_message.content).toBe(`You said: ${body.user_message.content}`);
    }
    const messages = await user.messages(conversation);
    expect(messages.map((message) => message.seq)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    const asked = messages
      .filter((message) => message.role === 'user')
      .map((message) => `You said: ${message.content}`);
    const replies = messages.filter((message) => message.role === 'assistant').map((message) => message.content);
    expect(replies).toEqual(asked);
  });

  it('the same Idempotency-Key 20 times in parallel makes one message and one reply', async () => {
    const conversation = await user.conversation();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => user.send(conversation, 'once', { 'idempotency-key': 'key-1' })),
    );
    expect(answers.map(({ status, body }) => (status === 200 ? status : body))).toEqual(answers.map(() => 200));
    expect(new Set(answers.map((answer) => answer.body.turn_id)).size).toBe(1);
    expect(await user.messages(conversation)).toHaveLength(2);
    expect(upstream.requests).toHaveLength(1);
    const other = await user.request<Problem>(
      'POST',
      `/chat/conversations/${conversation}/send`,
      { content: 'other' },
      { 'idempotency-key': 'key-1' },
    );
    expect(other.status).toBe(422);
    expect(other.body.detail).toContain('Idempotency-Key');
  });

  it('Prefer: respond-async answers 202 at once, and the turn tells the rest', async () => {
    const conversation = await user.conversation();
    const sent = await user.request<TurnAnswer>(
      'POST',
      `/chat/conversations/${conversation}/send`,
      { content: 'later' },
      { prefer: 'respond-async' },
    );
    expect(sent.status).toBe(202);
    expect(sent.headers.get('location')).toBe(`/chat/turns/${sent.body.id}`);
    const turn = await eventually(async () => {
      const { body } = await user.request<TurnAnswer>('GET', `/chat/turns/${sent.body.id}`);
      return body.status === 'completed' ? body : undefined;
    }, 'the turn to complete');
    expect(turn.assistant_message?.content).toBe('You said: later');
  });

  it('kill -9 of everything in mid-call, start again: exactly one, whole reply', async () => {
    const conversation = await user.conversation();
    upstream.next({ type: 'reply', text: 'never finished because of the kill', tokenDelayMs: 60_000 });
    const sent = await user.request<TurnAnswer>(
      'POST',
      `/chat/conversations/${conversation}/send`,
      { content: 'survive' },
      { prefer: 'respond-async' },
    );
    await upstream.waitForRequests(1);
    await Promise.all([parley.api.kill(), parley.worker.kill()]);
    await Promise.all([parley.startApi(), parley.startWorker()]);
    const turn = await eventually(async () => {
      const { body } = await user.request<TurnAnswer>('GET', `/chat/turns/${sent.body.id}`);
      return body.status === 'completed' ? body : undefined;
    }, 'the turn to complete');
    expect(turn.assistant_message?.content).toBe('You said: survive');
    expect(await user.messages(conversation)).toHaveLength(2);
    const rows = await ledger(turn.id);
    expect(rows).toHaveLength(upstream.requests.length);
    // A new process has to learn again which fields this server refuses; that attempt has a row of its own.
    expect(rows.filter((row) => row.error_code !== 'UPSTREAM.BAD_REQUEST').map((row) => row.status)).toEqual([
      'lost',
      'succeeded',
    ]);
  });

  it('a deleted conversation takes a running reply with it, and the tokens stay accounted', async () => {
    const conversation = await user.conversation();
    upstream.next({ type: 'reply', text: 'too late', firstTokenDelayMs: 4000 });
    const sent = await user.request<TurnAnswer>(
      'POST',
      `/chat/conversations/${conversation}/send`,
      { content: 'bye' },
      { prefer: 'respond-async' },
    );
    await upstream.waitForRequests(1);
    expect((await user.request('DELETE', `/chat/conversations/${conversation}`)).status).toBe(204);
    const rows = await eventually(async () => {
      const found = await ledger(sent.body.id);
      return found[0]?.status === 'started' ? undefined : found;
    }, 'the ledger row to be closed');
    expect(rows.map((row) => row.status)).toEqual(['cancelled']);
    expect((await user.request('GET', `/chat/conversations/${conversation}`)).status).toBe(404);
  });

  it('a closed conversation and a deleted persona take no messages, and say so', async () => {
    const persona = await user.persona();
    const conversation = await user.conversation(persona);
    const path = `/chat/conversations/${conversation}`;
    await user.request('PUT', path, { is_active: false });
    const closed = await user.request<Problem>('POST', `${path}/send`, { content: 'hello' });
    expect(closed).toMatchObject({ status: 409, body: { code: 'CONVERSATION.CLOSED' } });
    await user.request('PUT', path, { is_active: true });
    await user.request('DELETE', `/personas/${persona}`);
    const gone = await user.request<Problem>('POST', `${path}/send`, { content: 'hello' });
    expect(gone).toMatchObject({ status: 409, body: { code: 'PERSONA.DELETED' } });
    expect((await user.request('GET', path)).status).toBe(200);
  });

  it('a repeated request is answered as the first was, also after the conversation was closed', async () => {
    const conversation = await user.conversation();
    const first = await user.send(conversation, 'once', { 'idempotency-key': 'k' });
    await user.request('PUT', `/chat/conversations/${conversation}`, { is_active: false });
    const again = await user.send(conversation, 'once', { 'idempotency-key': 'k' });
    expect(again.status).toBe(200);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body.assistant_message.id).toBe(first.body.assistant_message.id);
  });

  it('an api that is asked to end tells those who wait that the reply comes later', async () => {
    const conversation = await user.conversation();
    upstream.next({ type: 'reply', text: 'slow', firstTokenDelayMs: 4000 });
    const waiting = user.send(conversation, 'patience');
    await upstream.waitForRequests(1);
    const startedAt = performance.now();
    const ended = parley.api.kill('SIGTERM');
    const answer = await waiting;
    expect(answer.status).toBe(202);
    await ended;
    expect(performance.now() - startedAt).toBeLessThan(14_000);
    await parley.startApi();
    const turn = await eventually(async () => {
      const { body } = await user.request<TurnAnswer>('GET', answer.headers.get('location')!);
      return body.status === 'completed' ? body : undefined;
    }, 'the turn to complete');
    expect(turn.assistant_message?.content).toBe('slow');
  });

  it('losing all database connections while an answer comes loses neither the answer nor its tokens', async () => {
    const conversation = await user.conversation();
    upstream.next({ type: 'reply', text: 'kept', firstTokenDelayMs: 300 });
    const waiting = user.send(conversation, 'hold on');
    await upstream.waitForRequests(1);
    await sql.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    const { body, status } = await waiting;
    expect(status).toBe(200);
    expect(body.assistant_message).toMatchObject({ status: 'completed', content: 'kept' });
    expect((await ledger(body.turn_id)).at(-1)).toMatchObject({
      status: 'succeeded',
      total_tokens: expect.any(Number) as number,
    });
    expect(upstream.requests).toHaveLength(1);
  });

  it('a persona that is deleted while a message waits ends it visibly', async () => {
    const persona = await user.persona();
    const conversation = await user.conversation(persona);
    upstream.next(scenarios.rateLimited(4));
    const sent = user.send(conversation, 'hello');
    await upstream.waitForRequests(1);
    await user.request('DELETE', `/personas/${persona}`);
    expect((await sent).body.assistant_message).toMatchObject({ status: 'fallback', error_code: 'PERSONA.DELETED' });
  });

  it('deleting a message that waits cancels it, and others go on', async () => {
    const conversation = await user.conversation();
    upstream.next({ type: 'reply', text: 'discarded', firstTokenDelayMs: 4000 });
    const first = await user.request<TurnAnswer>(
      'POST',
      `/chat/conversations/${conversation}/send`,
      { content: 'take it back' },
      { prefer: 'respond-async' },
    );
    await upstream.waitForRequests(1);
    const next = user.send(conversation, 'this one stays');
    expect((await user.request('DELETE', `/chat/messages/${first.body.user_message!.id}`)).status).toBe(204);
    expect((await next).body.assistant_message.content).toBe('You said: this one stays');
    const turn = await user.request<TurnAnswer>('GET', `/chat/turns/${first.body.id}`);
    expect(turn.body).toMatchObject({ status: 'cancelled', assistant_message: null });
    expect((await user.messages(conversation)).map((message) => message.content)).toEqual([
      'this one stays',
      'You said: this one stays',
    ]);
  });

  it('a conversation that is erased several times at once is erased once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const conversation = await user.conversation();
      const { body } = await user.send(conversation, 'hello');
      const erasures = [1, 2, 3, 4].map(() => user.request('DELETE', `/chat/conversations/${conversation}`));
      const message = user.request('DELETE', `/chat/messages/${body.user_message.id}`);
      const statuses = (await Promise.all(erasures)).map((answer) => answer.status);
      expect(statuses.sort()).toEqual([204, 404, 404, 404]);
      expect([204, 404]).toContain((await message).status);
    }
  });

  it('the key is in no log', () => {
    expect(parley.log()).not.toContain('sk-test-key-that-nobody-may-see');
    expect(parley.log().length).toBeGreaterThan(100);
  });
});
