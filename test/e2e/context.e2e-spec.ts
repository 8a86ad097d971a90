import { Client as Postgres } from 'pg';
import { Client, type Message } from '../support/client';
import { FakeOpenAI, type LoggedRequest, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';

interface Item {
  role: string;
  content: string;
}

interface CallRow {
  id: number;
  turn_id: number;
  purpose: string;
  attempt: number;
  status: string;
  total_tokens: number | null;
  error_code: string | null;
}

interface SummaryAnswer {
  summary: { content: string; through_seq: number; model: string; tokens: number | null } | null;
}

const itemsOf = (request: LoggedRequest): Item[] => (request.body.input ?? request.body.messages) as Item[];
const isSummary = (request: LoggedRequest): boolean =>
  request.headers['x-client-request-id']?.startsWith('summary-') === true;
const NOTES = /^Notes on the earlier part of this conversation[^]*<notes>\n([^]*)\n<\/notes>$/;
const notesIn = (request: LoggedRequest): string | null =>
  itemsOf(request)
    .map(({ role, content }) => (role === 'user' ? (NOTES.exec(content)?.[1] ?? null) : null))
    .find((notes) => notes !== null) ?? null;

describe.each(['responses', 'chat'] as const)('the context of a conversation (OPENAI_API=%s)', (api) => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let sql: Postgres;
  let user: Client;

  beforeAll(async () => {
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      OPENAI_API: api,
      OPENAI_MODEL: 'gpt-4o',
      OPENAI_MAX_RETRIES: '0',
      SUMMARY_MODEL: 'gpt-4.1-mini',
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
    await upstream.stop();
  });

  beforeEach(() => upstream.reset());

  const calls = async (conversationId: number, purpose: string): Promise<CallRow[]> =>
    (
      await sql.query<CallRow>(
        `SELECT id, turn_id, purpose, attempt, status, total_tokens, error_code FROM model_calls
         WHERE conversation_id = $1 AND purpose = $2 ORDER BY id`,
        [conversationId, purpose],
      )
    ).rows;
  const summaryOf = async (conversationId: number, client = user) =>
    (await client.request<SummaryAnswer>('GET', `/chat/conversations/${conversationId}/summary`)).body.summary;
  const settled = (conversationId: number, least: number): Promise<CallRow[]> =>
    eventually(async () => {
      const rows = await calls(conversationId, 'summary');
      return rows.length >= least && rows.every(({ status }) => status !== 'started') ? rows : undefined;
    }, `${least} summaries`);
  const replies = (): LoggedRequest[] => upstream.requests.filter((request) => !isSummary(request));
  const talk = async (conversationId: number, from: number, to: number): Promise<Message[]> => {
    const sent: Message[] = [];
    for (let index = from; index <= to; index += 1) {
      const { status, body } = await user.send(conversationId, `fact number ${index}`);
      expect(status).toBe(200);
      expect(body.assistant_message.status).toBe('completed');
      sent.push(body.user_message);
    }
    return sent;
  };

  it('of 40 turns is summarised in the ledger, in later prompts, in the statistics; and erasing a covered message drops it', async () => {
    const owner = await Client.register(() => parley.url);
    const conversation = await owner.conversation();
    expect(await summaryOf(conversation, owner)).toBeNull();
    const sent: Message[] = [];
    for (let index = 1; index <= 40; index += 1) {
      const { body } = await owner.send(conversation, `fact number ${index}`);
      sent.push(body.user_message);
    }
    // The last turn may have asked for one more that is still being written.
    const { rows, requests } = await eventually(async () => {
      await upstream.waitUntilIdle();
      const asked = upstream.requests.filter(isSummary);
      const written = await settled(conversation, 3);
      return written.length === asked.length ? { rows: written, requests: asked } : undefined;
    }, 'a row for each request');
    // Six turns and more at a time, never one call per turn.
    expect(rows.length).toBeLessThanOrEqual(7);
    for (const row of rows) {
      expect(row).toMatchObject({ purpose: 'summary', attempt: 1, status: 'succeeded' });
      const own = requests.filter((request) => request.headers['x-client-request-id'] === `summary-${row.turn_id}`);
      expect(own.map(({ usage }) => usage?.total)).toEqual([row.total_tokens]);
    }
    expect(requests.every(({ model }) => model === 'gpt-4.1-mini')).toBe(true);
    // The first fact is in the first request for a summary, and what that one answered is folded into the next.
    expect(JSON.stringify(requests[0]!.body)).toContain('fact number 1\\n');
    expect(JSON.stringify(requests[1]!.body)).toMatch(/<notes_so_far>\\nYou said:[^>]+fact number 1\\n/);

    const summary = await eventually(async () => (await summaryOf(conversation, owner)) ?? undefined, 'a summary');
    expect(summary).toMatchObject({ model: 'gpt-4.1-mini', tokens: expect.any(Number) as number });
    expect(summary.through_seq).toBeGreaterThanOrEqual(41);
    const told = [(await summaryOf(conversation, owner))!.content];
    await owner.send(conversation, 'and now?');
    told.push((await summaryOf(conversation, owner))!.content);
    const prompt = upstream.requests.findLast((request) => !isSummary(request))!;
    expect(told).toContain(notesIn(prompt));
    const items = itemsOf(prompt).filter(({ role }) => role !== 'system');
    expect(items[0]!.content).toMatch(NOTES);
    expect(items.at(-1)).toMatchObject({ role: 'user', content: 'and now?' });
    // Notes, at most ten messages, and the new one.
    expect(items.length).toBeLessThanOrEqual(12);

    await upstream.waitUntilIdle();
    await eventually(async () => {
      const { rows } = await sql.query(`SELECT 1 FROM model_calls WHERE user_id = $1 AND status = 'started'`, [
        owner.userId,
      ]);
      return rows.length === 0 ? true : undefined;
    }, 'all calls to be over');
    const all = (await sql.query<{ tokens: number }>('SELECT sum(total_tokens)::int AS tokens FROM model_calls WHERE user_id = $1', [owner.userId])).rows[0]!.tokens; // prettier-ignore
    const stats = await owner.request<{ total_tokens: number; total_messages: number }>('GET', '/chat/stats');
    expect(stats.body).toMatchObject({ total_tokens: all, total_messages: 82 });
    const listed = await owner.request<{ messages: Message[]; system_notes?: { kind: string; content: string }[] }>('GET', `/chat/conversations/${conversation}/messages?limit=200&debug=true`); // prettier-ignore
    expect(listed.body.messages).toHaveLength(82);
    expect(listed.body.system_notes).toMatchObject([{ kind: 'summary', content: (await summaryOf(conversation, owner))!.content }]); // prettier-ignore
    for (const query of ['', '&debug=false']) {
      const plain = await owner.request<object>('GET', `/chat/conversations/${conversation}/messages?limit=1${query}`);
      expect(plain.body).not.toHaveProperty('system_notes');
    }

    expect((await owner.request('DELETE', `/chat/messages/${sent[2]!.id}`)).status).toBe(204);
    expect(await summaryOf(conversation, owner)).toBeNull();
    const [erased] = (await sql.query<{ content: string }>('SELECT content FROM conversation_summaries WHERE conversation_id = $1', [conversation])).rows; // prettier-ignore
    expect(erased).toEqual({ content: '' });
    await upstream.waitUntilIdle();
    const before = upstream.requests.filter(isSummary).length;
    // Rebuilt after the next turn, without what was erased.
    await owner.send(conversation, 'go on');
    await eventually(async () => (await summaryOf(conversation, owner)) ?? undefined, 'a new summary');
    const rebuilt = upstream.requests.filter(isSummary).slice(before);
    expect(JSON.stringify(rebuilt.map(({ body }) => body))).toContain('fact number 4\\n');
    expect(JSON.stringify(rebuilt.map(({ body }) => body))).not.toContain('User: fact number 3\\n');
  });

  it.each([
    [
      'editing',
      async (message: Message): Promise<number> =>
        (await user.request('PUT', `/chat/messages/${message.id}`, { content: 'something else' })).status,
    ],
    [
      'regenerating',
      async (message: Message): Promise<number> =>
        (await user.request('POST', `/chat/messages/${message.id}/regenerate`)).status,
    ],
  ])('%s a message that the summary covers drops it', async (_how, change) => {
    const conversation = await user.conversation();
    const sent = await talk(conversation, 1, 14);
    await settled(conversation, 1);
    expect((await summaryOf(conversation))!.content).toContain('fact number 2');
    upstream.alwaysFor(isSummary, scenarios.error(500));
    expect(await change(sent[1]!)).toBe(200);
    expect(await summaryOf(conversation)).toBeNull();
    const { rows } = await sql.query<object>('SELECT content, through_seq FROM conversation_summaries WHERE conversation_id = $1', [conversation]); // prettier-ignore
    expect(rows).toEqual([{ content: '', through_seq: 0 }]);
  });

  it('is not summarised while little fell out of it', async () => {
    const conversation = await user.conversation();
    await talk(conversation, 1, 7);
    expect(await summaryOf(conversation)).toBeNull();
    expect(upstream.requests.filter(isSummary)).toEqual([]);
  });

  it('replies do not notice that summaries fail, and a failing upstream is not asked for one after every turn', async () => {
    const conversation = await user.conversation();
    await talk(conversation, 1, 10);
    for (const [index, failure] of [scenarios.rateLimited(1), scenarios.error(500)].entries()) {
      const other = index === 0 ? conversation : await user.conversation();
      upstream.reset();
      upstream.alwaysFor(isSummary, failure);
      const startedAt = Date.now();
      await talk(other, 11, 32);
      expect(Date.now() - startedAt).toBeLessThan(60_000);
      const rows = await settled(other, 1);
      expect(rows.map(({ status }) => status)).toEqual(['failed']);
      expect(await summaryOf(other)).toBeNull();
      expect(upstream.requests.filter(isSummary)).toHaveLength(1);
      expect((await calls(other, 'reply')).every(({ status }) => status === 'succeeded')).toBe(true);
    }
  });

  it('a prompt that is refused as too long is sent once more with less of the past, in a ledger row of its own', async () => {
    const conversation = await user.conversation();
    await talk(conversation, 1, 5);
    upstream.reset();
    upstream.next(scenarios.contextTooLong());
    const { body } = await user.send(conversation, 'still there?');
    expect(body.assistant_message).toMatchObject({ status: 'completed', content: 'You said: still there?' });
    const [refused, smaller, ...others] = upstream.requests.map((request) => itemsOf(request).length);
    expect(others).toEqual([]);
    expect(smaller).toBeLessThan(refused!);
    expect(smaller).toBeGreaterThan(1);
    const rows = (await calls(conversation, 'reply')).filter((row) => row.turn_id === body.turn_id);
    expect(rows.map(({ attempt, status, error_code }) => [attempt, status, error_code])).toEqual([
      [1, 'failed', 'UPSTREAM.CONTEXT_TOO_LONG'],
      [2, 'succeeded', null],
    ]);
  });

  it('refused a second time it fails visibly', async () => {
    const conversation = await user.conversation();
    await talk(conversation, 1, 5);
    upstream.reset();
    upstream.next(scenarios.contextTooLong(), scenarios.contextTooLong(), scenarios.reply('never asked'));
    const { body } = await user.send(conversation, 'still there?');
    expect(body.assistant_message).toMatchObject({ status: 'fallback', error_code: 'UPSTREAM.CONTEXT_TOO_LONG' });
    expect(body.assistant_message.content).toMatch(/shorter message/);
    expect(upstream.requests).toHaveLength(2);
  });

  it('with nothing to leave out it fails at once', async () => {
    const conversation = await user.conversation();
    upstream.next(scenarios.contextTooLong());
    const { body } = await user.send(conversation, 'hello');
    expect(body.assistant_message).toMatchObject({ status: 'fallback', error_code: 'UPSTREAM.CONTEXT_TOO_LONG' });
    expect(upstream.requests).toHaveLength(1);
  });

  it('a limit that the server tells is kept to from then on, and a message that is surely longer is not even sent', async () => {
    const persona = await user.persona({ model: 'llama-local', max_tokens: 100 });
    const conversation = await user.conversation(persona);
    const long = 'Tell me more about the weather in the mountains, please. '.repeat(40);
    for (let index = 0; index < 4; index += 1) await user.send(conversation, `${index} ${long}`);
    upstream.reset();
    upstream.next(
      scenarios.error(400, {
        code: null,
        message:
          "This model's maximum context length is 2048 tokens. However, you requested 2900 tokens (2800 in the messages, 100 in the completion).",
      }),
    );
    const told = await user.send(conversation, 'hello?');
    expect(told.body.assistant_message.status).toBe('completed');
    expect(replies()).toHaveLength(2);
    const [whole, kept] = replies().map(({ body }) => JSON.stringify(body).length);
    expect(kept).toBeLessThan(whole!);
    upstream.reset();
    const next = await user.send(conversation, 'and now?');
    expect(next.body.assistant_message.status).toBe('completed');
    expect(replies()).toHaveLength(1);
    expect(JSON.stringify(replies()[0]!.body).length).toBeLessThan(kept! * 1.1);
    upstream.reset();
    const tooLong = await user.send(conversation, 'много слов о погоде в горах '.repeat(1_100));
    expect(tooLong.body.assistant_message).toMatchObject({
      status: 'fallback',
      error_code: 'UPSTREAM.CONTEXT_TOO_LONG',
    });
    expect(replies()).toEqual([]);
  });

  it('prompts of one conversation share a growing beginning most of the time', async () => {
    const conversation = await user.conversation();
    await talk(conversation, 1, 30);
    const prompts = replies().map(itemsOf);
    let growing = 0;
    for (const [index, prompt] of prompts.entries()) {
      const before = prompts[index - 1]?.slice(0, -1) ?? [];
      if (JSON.stringify(prompt.slice(0, before.length)) === JSON.stringify(before)) growing += 1;
    }
    // The default of ten messages is the worst case: the window moves with every second turn. Without steps it would be one of six.
    expect(growing / prompts.length).toBeGreaterThanOrEqual(0.35);
  });
});
