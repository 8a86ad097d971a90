import { Redis } from 'ioredis';
import { Client as Postgres } from 'pg';
import { type Backend, BACKENDS, startBackend } from '../support/backends';
import { Client, type Message, type Problem, type SendAnswer } from '../support/client';
import { inconsistencies } from '../support/consistency';
import { encryptionKeys } from '../support/encryption';
import { EventReader } from '../support/event-reader';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { aPng } from '../support/pictures';
import { eventually, untilLogged } from '../support/process';
import { tracesOf } from '../support/traces';

/** Must not be found anywhere. */
const SECRET = 'rutabagas-and-parsnips';

describe.each(BACKENDS)('encrypted conversations with the queue in %s', (name) => {
  const upstream = new FakeOpenAI();
  let backend: Backend;
  let parley: Parley;
  let sql: Postgres;
  let listener: Postgres;
  let subscriber: Redis | undefined;
  let user: Client;
  /** What processes told each other. */
  const told: string[] = [];

  beforeAll(async () => {
    backend = await startBackend(name);
    parley = await startParley({
      ...backend.env,
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      ENCRYPTION_KEYS: encryptionKeys('k1'),
      MAX_CONVERSATION_HISTORY: '6',
      LOG_LEVEL: 'debug',
    });
    sql = new Postgres({ connectionString: parley.database.url });
    listener = new Postgres({ connectionString: parley.database.url });
    for (const client of [sql, listener]) {
      client.on('error', () => undefined);
      await client.connect();
    }
    listener.on('notification', ({ payload }) => told.push(payload ?? ''));
    await listener.query('LISTEN parley_events');
    if (backend.redis !== undefined) {
      subscriber = new Redis(backend.redis.url);
      subscriber.on('pmessage', (_pattern: string, _channel: string, payload: string) => told.push(payload));
      await subscriber.psubscribe('*');
    }
    user = await Client.register(() => parley.url);
  });
  afterAll(async () => {
    subscriber?.disconnect();
    expect(await inconsistencies(sql)).toEqual([]);
    await sql.end();
    await listener.end();
    await parley.stop();
    await backend.stop();
    await upstream.stop();
  });
  beforeEach(() => upstream.reset());

  /** One as `startThrough` makes it. */
  const encrypted = async (persona?: number): Promise<number> => {
    const id = await user.conversation(persona);
    await sql.query(`UPDATE conversations SET is_encrypted = true, channel = 'session' WHERE id = $1`, [id]);
    return id;
  };
  const database = {
    query: async <T>(text: string, params: readonly unknown[] = []): Promise<T[]> =>
      (await sql.query<T & object>(text, [...params])).rows,
  };
  /** Everything that Redis has, uncompressed. */
  const inRedis = async (): Promise<string> => {
    const { redis } = backend;
    if (redis === undefined) return '';
    await redis.call('CONFIG', 'SET', 'rdbcompression', 'no');
    const client = new Redis(redis.url);
    const values = await Promise.all((await redis.keys()).map((key) => client.dumpBuffer(key)));
    client.disconnect();
    return Buffer.concat(values.filter((value) => value !== null)).toString('latin1');
  };

  it('what is said, answered, streamed, edited, rated and summed up is nowhere in the clear, and is read by everybody', async () => {
    const persona = await user.persona({ answer_cache: { ttl_seconds: 3_600 } });
    const conversation = await encrypted(persona);
    const say = (text: string, headers: Record<string, string> = {}) => user.send(conversation, text, headers);

    const key = { 'idempotency-key': 'once' };
    const first = await say(`I like ${SECRET}`, key);
    expect(first.status).toBe(200);
    expect(first.body.assistant_message.content).toBe(`You said: I like ${SECRET}`);
    const again = await say(`I like ${SECRET}`, key);
    expect(again.body.assistant_message.id).toBe(first.body.assistant_message.id);
    expect((await user.send(conversation, 'something else', key)).body).toMatchObject({ code: 'IDEMPOTENCY.MISMATCH' });

    upstream.next(
      scenarios.reply(`Growing ${SECRET} `.repeat(20), {
        tokenDelayMs: 60,
        tools: [{ type: 'web_search_call', item: { action: { type: 'search', query: SECRET } } }],
        annotations: [{ type: 'url_citation', url: `https://example.com/${SECRET}`, title: SECRET, start_index: 0, end_index: 3 }], // prettier-ignore
      }),
    );
    const stream = await EventReader.open(`${parley.url}/chat/conversations/${conversation}/send`, {
      method: 'POST',
      headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content: `How do ${SECRET} grow?` }),
    });
    await stream.ended;
    expect(stream.text).toBe(`Growing ${SECRET} `.repeat(20));
    expect(stream.events.filter(({ event }) => event === 'message.delta').length).toBeGreaterThan(3);

    const edited = await user.request<SendAnswer>('PUT', `/chat/messages/${first.body.user_message.id}`, {
      content: `I love ${SECRET}`,
    });
    expect(edited.body.assistant_message.content).toBe(`You said: I love ${SECRET}`);
    const regenerated = await user.request<SendAnswer>(
      'POST',
      `/chat/messages/${edited.body.user_message.id}/regenerate`,
      {},
    );
    expect(regenerated.body.assistant_message.content).toBe(`You said: I love ${SECRET}`);
    await user.request('POST', `/chat/messages/${regenerated.body.assistant_message.id}/feedback`, {
      rating: 'up',
      comment: `more ${SECRET}`,
    });
    const upload = await user.upload(aPng(2, 3, 500));
    const pictured = await user.request<SendAnswer>('POST', `/chat/conversations/${conversation}/send`, {
      content: `See my ${SECRET}`,
      images: [{ upload_id: upload }],
    });
    expect(pictured.status).toBe(200);
    for (let more = 0; more < 8; more += 1) await say(`${SECRET} number ${more}`);
    const summary = async (): Promise<string | undefined> =>
      (
        await user.request<{ summary: { content: string } | null }>(
          'GET',
          `/chat/conversations/${conversation}/summary`,
        )
      ).body.summary?.content;
    expect(await eventually(summary, 'a summary')).toContain(SECRET);
    await say(`and once more ${SECRET}`);

    const lastInput = JSON.stringify(upstream.requests.at(-1)!.body);
    expect(lastInput).toContain(`${SECRET} number 7`);
    const texts = (await user.messages(conversation)).map(({ content }) => content);
    expect(texts.filter((text) => text.includes(SECRET)).length).toBe(texts.length);
    const listed = await user.request<{ conversations: { id: number; title: string; last_message: Message }[] }>(
      'GET',
      '/chat/conversations',
    );
    expect(listed.body.conversations.find(({ id }) => id === conversation)).toMatchObject({
      title: 'New conversation',
      last_message: { content: `You said: and once more ${SECRET}` },
    });
    const picture = await fetch(`${parley.url}/chat/uploads/${upload}`, {
      headers: { authorization: `Bearer ${user.token}` },
    });
    expect(Buffer.from(await picture.arrayBuffer()).equals(aPng(2, 3, 500))).toBe(true);

    const { rows } = await sql.query<Record<string, boolean>>(
      `SELECT bool_and(content LIKE 'enc:k1:%') AS content, bool_or(tool_calls #>> '{}' LIKE 'enc:k1:%') AS "toolCalls",
         bool_or(citations #>> '{}' LIKE 'enc:k1:%') AS citations, bool_or(images #>> '{}' LIKE 'enc:k1:%') AS images,
         (SELECT bool_and(comment LIKE 'enc:k1:%') FROM message_feedback) AS comments,
         (SELECT bool_and(content LIKE 'enc:k1:%') FROM conversation_summaries) AS summaries,
         (SELECT bool_and(entries LIKE 'enc:k1:%') FROM turn_stream_chunks) AS streams,
         (SELECT bool_and(encryption_key = 'k1') FROM uploads) AS uploads,
         (SELECT count(*) = 0 FROM cached_answers) AS cache
       FROM messages WHERE conversation_id = $1`,
      [conversation],
    );
    // All of it was stored, and found encrypted.
    expect(Object.entries(rows[0]!).filter(([, isThere]) => !isThere)).toEqual([]);
    expect(await tracesOf(database, SECRET)).toEqual([]);
    // The text of the picture's own.
    expect(await tracesOf(database, 'x'.repeat(100))).toEqual([]);
    expect(told.length).toBeGreaterThan(10);
    expect(told.filter((payload) => payload.includes(SECRET))).toEqual([]);
    expect(await inRedis()).not.toContain(SECRET);
    expect(parley.log()).not.toContain(SECRET);
  });

  it('where nothing is encrypted, the same search finds it', async () => {
    const conversation = await user.conversation();
    await user.send(conversation, 'aubergines-and-leeks');
    expect(await tracesOf(database, 'Aubergines-and-leeks')).toEqual(
      expect.arrayContaining(['public.messages.content', 'public.conversations.title']),
    );
  });

  it('a short message cannot be guessed from the hash of its request', async () => {
    const conversation = await encrypted();
    await user.send(conversation, 'yes', { 'idempotency-key': 'guess' });
    const { rows } = await sql.query<{ plain: boolean; length: number }>(
      `SELECT substring(request_hash FOR 32) = sha256('yes') AS plain, length(request_hash) AS length FROM turns WHERE conversation_id = $1`,
      [conversation],
    );
    expect(rows).toEqual([{ plain: false, length: 34 }]);
  });

  it('one message that cannot be read does not take the others down, and is told to people and to Prometheus', async () => {
    const conversation = await encrypted();
    await user.send(conversation, `first ${SECRET}`);
    await user.send(conversation, 'second');
    await sql.query(
      `UPDATE messages m SET content = o.content FROM messages o
       WHERE m.conversation_id = $1 AND m.seq = 2 AND o.conversation_id = $1 AND o.seq = 4`,
      [conversation],
    );
    expect((await user.messages(conversation))[1]).toMatchObject({
      content: 'This message cannot be read: it could not be decrypted.',
      error_code: 'MESSAGE.UNREADABLE',
    });
    const { body, status } = await user.send(conversation, 'third');
    expect([status, body.assistant_message.content]).toEqual([200, 'You said: third']);
    expect(await (await fetch(`${parley.url}/metrics`)).text()).toMatch(
      /parley_decryption_failures_total\{reason="wrong"\} [1-9]/,
    );
    await untilLogged(() => parley.log(), 'encrypted values could not be read');
  });

  it('a message that cannot be read is answered by a visible failure', async () => {
    const conversation = await encrypted();
    upstream.next(scenarios.hang('headers'));
    const sent = await user.request<Problem & { id: number }>(
      'POST',
      `/chat/conversations/${conversation}/send`,
      { content: 'one' },
      { prefer: 'respond-async' },
    );
    const waiting = await user.request<{ id: number }>(
      'POST',
      `/chat/conversations/${conversation}/send`,
      { content: 'two' },
      { prefer: 'respond-async' },
    );
    await sql.query(
      `UPDATE messages SET content = 'enc:k1:' || repeat('A', 60) WHERE conversation_id = $1 AND seq = 2`,
      [conversation],
    );
    await user.request('POST', `/chat/turns/${sent.body.id}/cancel`, {});
    const turn = await eventually(async () => {
      const { body } = await user.request<{ status: string; error: { code: string } | null }>(
        'GET',
        `/chat/turns/${waiting.body.id}`,
      );
      return body.status === 'failed' ? body : undefined;
    }, 'the turn to fail');
    expect(turn.error?.code).toBe('MESSAGE.UNREADABLE');
  });
});
