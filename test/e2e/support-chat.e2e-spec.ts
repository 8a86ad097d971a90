import { Client as Postgres } from 'pg';
import type { Problem } from '../support/client';
import { inconsistencies } from '../support/consistency';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';
import { Visitor } from '../support/visitor';

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('support chat', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let sql: Postgres;

  beforeAll(async () => {
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      OPENAI_MAX_RETRIES: '0',
      SEND_WAIT_MS: '6000',
      MAX_STREAMS_PER_USER: '2',
      ESCALATION_DRAFTS: 'false',
    });
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
  });
  afterAll(async () => {
    await sql.end();
    await parley.stop();
    await upstream.stop();
  });
  beforeEach(() => upstream.reset());

  const url = (): string => parley.url;
  const ask = async (path: string, body?: string): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${parley.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body,
    });
    return { status: response.status, body: await response.json() };
  };

  it('the requests of the specification work as they stand there', async () => {
    upstream.next(scenarios.reply('Of course. What is your order number?'));
    const session = await ask('/api/v1/chat/session', '{\n  "userId": "user123",\n  "metadata": {}\n}');
    expect(session).toEqual({
      status: 201,
      body: {
        sessionId: expect.stringMatching(/^ss_[\w-]{32}$/) as string,
        userId: 'user123',
        isIdentified: false,
        createdAt: expect.stringMatching(ISO) as string,
        expiresAt: expect.stringMatching(ISO) as string,
      },
    });
    const { sessionId, createdAt, expiresAt } = session.body as Record<'sessionId' | 'createdAt' | 'expiresAt', string>;
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(1_800_000);

    const message = await ask(
      '/api/v1/chat/message',
      `{\n  "sessionId": "${sessionId}",\n  "message": "Hello, I need help with my order",\n  "userId": "user123"\n}`,
    );
    expect(message).toEqual({
      status: 200,
      body: {
        sessionId,
        message: 'Of course. What is your order number?',
        messageId: expect.any(Number) as number,
        confidence: 0.9,
        escalated: false,
        escalationReason: null,
        turnId: expect.any(Number) as number,
        seq: 2,
        status: 'completed',
      },
    });

    const history = await ask(`/api/v1/chat/history/${sessionId}`);
    expect(history).toEqual({
      status: 200,
      body: {
        sessionId,
        messages: [
          expect.objectContaining({
            role: 'user',
            content: 'Hello, I need help with my order',
            seq: 1,
            status: 'sent',
          }),
          {
            role: 'assistant',
            content: 'Of course. What is your order number?',
            timestamp: expect.stringMatching(ISO) as string,
            messageId: (message.body as { messageId: number }).messageId,
            seq: 2,
            status: 'completed',
          },
        ],
        hasMore: false,
      },
    });

    const health = await ask('/api/v1/health');
    expect(health).toMatchObject({
      status: 200,
      body: { status: 'healthy', services: { database: 'up', queue: 'up' }, metrics: { queueDepth: 0 } },
    });
  });

  it('a session needs no body at all', async () => {
    const response = await fetch(`${parley.url}/api/v1/chat/session`, { method: 'POST' });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ userId: null, isIdentified: false });
  });

  it('the default support persona answers, with its instructions, as an anonymous user of its own', async () => {
    const [one, two] = [await Visitor.begin(url), await Visitor.begin(url)];
    await one.send('Hi');
    await two.send('Hi');
    expect(JSON.stringify(upstream.requests[0]!.body)).toContain('You are the support assistant of this service');
    // What OpenAI is told of the user, budgets and the ledger go by it.
    const { rows } = await sql.query(
      `SELECT DISTINCT l.user_id FROM model_calls l JOIN users u ON u.id = l.user_id WHERE u.visits_workspace_id = l.workspace_id
       AND l.channel = 'support' AND l.conversation_id IN (SELECT conversation_id FROM sessions ORDER BY id DESC LIMIT 2)`,
    );
    expect(rows).toHaveLength(2);
  });

  it('a conversation goes on: the model is sent what was said before', async () => {
    const visitor = await Visitor.begin(url);
    await visitor.send('My order is 4711');
    await visitor.send('Where is it?');
    expect(JSON.stringify(upstream.requests.at(-1)!.body)).toContain('My order is 4711');
  });

  it('when no model can answer, the visitor gets the text that says so, with 200', async () => {
    upstream.next(scenarios.error(500));
    const visitor = await Visitor.begin(url);
    const { status, body } = await visitor.send('Hi');
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'fallback', escalated: true, escalationReason: 'technical_error' });
    expect(body.message).toMatch(/\S/);
  });

  it('an answer that takes too long is 202, and is found in the history later', async () => {
    upstream.next(scenarios.reply('At last.', { firstTokenDelayMs: 10_000 }));
    const visitor = await Visitor.begin(url);
    const pending = await visitor.send('Hi');
    expect(pending.status).toBe(202);
    expect(pending.body).toEqual({
      sessionId: visitor.sessionId,
      turnId: expect.any(Number) as number,
      seq: 1,
      status: 'pending',
    });
    const answer = await eventually(async () => (await visitor.history('?afterSeq=1')).body.messages[0], 'the answer');
    expect(answer).toMatchObject({ role: 'assistant', content: 'At last.', seq: 2 });
  });

  it('an answer is streamed to who asks for it: its text, and nothing about models or tokens', async () => {
    upstream.next(scenarios.reply('Of course. What is your order number?'));
    const { sessionId } = await Visitor.begin(url);
    const read = async (): Promise<{
      type: string | null;
      events: { event: string; data: Record<string, unknown> }[];
    }> => {
      const response = await fetch(`${parley.url}/api/v1/chat/message`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream', 'idempotency-key': 'streamed' },
        body: JSON.stringify({ sessionId, message: 'Hi' }),
      });
      const blocks = (await response.text()).split('\n\n').filter((block) => block.startsWith('id:'));
      const events = blocks.map((block) => ({
        event: /^event: (.*)$/m.exec(block)![1]!,
        data: JSON.parse(/^data: (.*)$/m.exec(block)![1]!) as Record<string, unknown>,
      }));
      return { type: response.headers.get('content-type'), events };
    };
    const { type, events } = await read();
    expect(type).toContain('text/event-stream');
    expect(events[0]).toMatchObject({ event: 'turn.started', data: { sessionId } });
    const text = events.filter(({ event }) => event === 'message.delta').map(({ data }) => data.delta);
    expect(text.join('')).toBe('Of course. What is your order number?');
    expect(events.at(-1)).toEqual({
      event: 'message.completed',
      data: expect.objectContaining({ sessionId, message: text.join(''), seq: 2, escalated: false }) as object,
    });
    expect(JSON.stringify(events)).not.toMatch(/token|model|persona/);
    // With the same key it is told again from the beginning, or at least its end is.
    expect((await read()).events.at(-1)).toEqual(events.at(-1));
  });

  it('who wants more streams than there may be is refused before anything is stored, or answered with 202', async () => {
    upstream.always(scenarios.reply('Slowly.', { firstTokenDelayMs: 500 }));
    const visitor = await Visitor.begin(url);
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        fetch(`${parley.url}/api/v1/chat/message`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
          body: JSON.stringify({ sessionId: visitor.sessionId, message: `message ${n}` }),
        }),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    await Promise.all(answers.map((answer) => answer.text()));
    upstream.always(null);
    const stored = (await visitor.history()).body.messages.filter(({ role }) => role === 'user').length;
    expect({ statuses, stored }).toEqual({ statuses, stored: statuses.filter((status) => status < 300).length });
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(2);
    expect(statuses).toContain(200);
  });

  it('nobody who prefers not to wait has to', async () => {
    const visitor = await Visitor.begin(url);
    const { status, headers } = await visitor.send('Hi', { prefer: 'respond-async' });
    expect(status).toBe(202);
    expect(headers.get('preference-applied')).toBe('respond-async');
  });

  it('the same Idempotency-Key stores one message and gives the same answer', async () => {
    const visitor = await Visitor.begin(url);
    const first = await visitor.send('Hi', { 'idempotency-key': 'a' });
    const second = await visitor.send('Hi', { 'idempotency-key': 'a' });
    expect(second.status).toBe(200);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect((await visitor.history()).body.messages).toHaveLength(2);
    const other = await visitor.request<Problem>(
      'POST',
      '/message',
      { sessionId: visitor.sessionId, message: 'Something else' },
      { 'idempotency-key': 'a' },
    );
    expect(other).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY.MISMATCH' } });
  });

  it('the history has pages in both directions', async () => {
    const visitor = await Visitor.begin(url);
    for (const text of ['a', 'b', 'c']) await visitor.send(text);
    const seqs = async (query: string): Promise<unknown> => {
      const { body } = await visitor.history(query);
      return [body.messages.map(({ seq }) => seq), body.hasMore];
    };
    expect(await seqs('?limit=2')).toEqual([[5, 6], true]);
    expect(await seqs('?limit=2&beforeSeq=5')).toEqual([[3, 4], true]);
    expect(await seqs('?limit=2&beforeSeq=3')).toEqual([[1, 2], false]);
    expect(await seqs('?limit=2&afterSeq=3')).toEqual([[4, 5], true]);
    const both = await visitor.request<Problem>('GET', `/history/${visitor.sessionId}?afterSeq=1&beforeSeq=2`);
    expect(both).toMatchObject({ status: 422, body: { errors: [{ field: 'afterSeq' }] } });
  });

  it.each([
    ['nobody has', `ss_${'x'.repeat(32)}`],
    ['is no id of ours', 'session_id_here'],
    ['belongs to no support session', `cs_${'x'.repeat(32)}`],
  ])('a session id that %s is answered with 404 everywhere', async (_what, sessionId) => {
    const stranger = new Visitor(url);
    stranger.sessionId = sessionId;
    const answers = [
      await stranger.send('Hi'),
      await stranger.history(),
      await stranger.request('POST', `/session/${sessionId}/end`),
      await stranger.request('DELETE', `/session/${sessionId}`),
    ];
    for (const { status, body } of answers) {
      expect({ status, body }).toMatchObject({
        status: 404,
        body: { code: 'SESSION.NOT_FOUND', detail: expect.stringMatching(/\S/) as string },
      });
    }
  });

  it('a session that was ended takes nothing more and can still be read; ending it again is no error', async () => {
    const visitor = await Visitor.begin(url);
    await visitor.send('Hi');
    const end = (): Promise<unknown> => visitor.request('POST', `/session/${visitor.sessionId}/end`);
    const ended = {
      status: 200,
      body: { status: 'ended', endReason: 'ended', endedAt: expect.stringMatching(ISO) as string },
    };
    expect(await end()).toMatchObject(ended);
    expect(await end()).toMatchObject(ended);
    expect(await visitor.send('Hello?')).toMatchObject({
      status: 409,
      body: { code: 'SESSION.ENDED', detail: expect.stringContaining('begin a new one') as string },
    });
    expect((await visitor.history()).body.messages).toHaveLength(2);
  });

  it('a session in which nothing was said for too long takes nothing more and can still be read', async () => {
    const visitor = await Visitor.begin(url);
    await visitor.send('Hi');
    await sql.query(
      `UPDATE conversations SET updated_at = now() - interval '31 minutes' WHERE id = (SELECT max(conversation_id) FROM sessions)`,
    );
    await sql.query(
      `UPDATE sessions SET started_at = now() - interval '1 hour' WHERE conversation_id = (SELECT max(conversation_id) FROM sessions)`,
    );
    expect(await visitor.send('Still there?')).toMatchObject({ status: 409, body: { code: 'SESSION.ENDED' } });
    expect((await visitor.history()).body.messages).toHaveLength(2);
  });

  it('the health tells active sessions, waiting messages and latency, and nothing about anybody', async () => {
    const visitor = await Visitor.begin(url, { userId: 'a-name-that-nobody-may-see' });
    await visitor.send('words-that-nobody-may-see');
    const read = async (): Promise<{ metrics: Record<string, unknown> }> =>
      (await (await fetch(`${parley.url}/api/v1/health`)).json()) as { metrics: Record<string, unknown> };
    const { rows } = await sql.query<{ active: string }>(
      `SELECT count(*) AS active FROM sessions WHERE status = 'active'`,
    );
    const health = await eventually(async () => {
      const found = await read();
      return found.metrics.activeSessions === Number(rows[0]!.active) ? found : undefined;
    }, 'the number of sessions');
    expect(health.metrics).toEqual({
      activeSessions: expect.any(Number) as number,
      queueDepth: expect.any(Number) as number,
      latencyMs: {
        p50: expect.any(Number) as number,
        p95: expect.any(Number) as number,
        answers: expect.any(Number) as number,
      },
    });
    expect(JSON.stringify(health)).not.toContain('nobody-may-see');
  });

  it('leaves a sound database', async () => {
    expect(
      await eventually(async () => ((await inconsistencies(sql)).length === 0 ? true : undefined), 'soundness'),
    ).toBe(true);
  });
});
