import { io, type Socket } from 'socket.io-client';
import { Client as Postgres } from 'pg';
import { Client } from '../support/client';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';
import { SocketUser } from '../support/socket-user';

describe('the socket door', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let sql: Postgres;
  let user: Client;
  let persona: number;
  const sockets: SocketUser[] = [];

  beforeAll(async () => {
    const baseUrl = await upstream.start();
    parley = await startParley({
      OPENAI_BASE_URL: baseUrl,
      OPENAI_API_KEY: 'sk-test-key-that-nobody-may-see',
      CONTEXT_SUMMARY: 'false',
      SOCKET_DEBOUNCE_MS: '0',
    });
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
    user = await Client.register(() => parley.url);
    persona = await user.persona({ visibility: 'workspace' });
  });

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
    upstream.reset();
  });

  afterAll(async () => {
    await sql.end();
    await parley.stop();
    await upstream.stop();
  });

  const connect = async (auth: object): Promise<SocketUser> => {
    const socket = await SocketUser.connect(parley.url, auth);
    sockets.push(socket);
    return socket;
  };

  it('the plain client of the seed joins, sends and gets its reply', async () => {
    const begun = await fetch(`${parley.url}/api/v1/chat/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"userId": "user123", "metadata": {}}',
    });
    const { sessionId } = (await begun.json()) as { sessionId: string };
    // Nothing here knows our types, as in a page that loads the client from anywhere.
    const socket: Socket = io(parley.url);
    const heard: [string, unknown][] = [];
    socket.onAny((event: string, payload: unknown) => heard.push([event, payload]));
    try {
      const joined = new Promise((resolve) => socket.once('chat-joined', resolve));
      // It waits for nothing: the events are taken in their order.
      socket.emit('join-chat', { sessionId, userId: 'user123' });
      const received = new Promise((resolve) => socket.once('message-received', resolve));
      socket.emit('send-message', { sessionId, message: 'Hello, I need help with my order', userId: 'user123' });
      expect(await joined).toMatchObject({ sessionId, messages: [] });
      expect(await received).toMatchObject({
        sessionId,
        role: 'assistant',
        seq: 2,
        message: 'You said: Hello, I need help with my order',
      });
      expect(heard.filter(([event]) => event === 'chat-error')).toEqual([]);
      expect(heard.filter(([event]) => event === 'message-received')).toHaveLength(1);
    } finally {
      socket.close();
    }
  });

  it('a message over REST, one over a socket and their replies reach every socket once and in the same order', async () => {
    const conversationId = await user.conversation(persona);
    const [one, two] = [await connect({ token: user.token }), await connect({ token: user.token })];
    await one.join({ conversationId });
    await two.join({ conversationId });
    expect((await user.send(conversationId, 'over REST')).status).toBe(200);
    const sent = await one.ask('send-message', { conversationId, message: 'over a socket', clientMessageId: 'm1' });
    expect(sent).toMatchObject({ ok: true, seq: 3, isReplay: false });
    await two.until(() => two.seqs().length >= 4);
    await one.until(() => one.seqs().length >= 3);
    expect(two.seqs()).toEqual([1, 2, 3, 4]);
    // Its own message it knows from the acknowledgement.
    expect(one.seqs()).toEqual([1, 2, 4]);
    expect(two.messages()[2]).toMatchObject({ role: 'user', message: 'over a socket', clientMessageId: 'm1' });
    expect((await user.messages(conversationId)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  it('joining with the last seq brings exactly what was missed, as sync does; a message that is sent again is stored once', async () => {
    const conversationId = await user.conversation(persona);
    const first = await connect({ token: user.token });
    await first.join({ conversationId });
    const message = { conversationId, message: 'once', clientMessageId: 'again-1' };
    const sent = await first.ask<{ turnId: number; messageId: number }>('send-message', message);
    await first.until(() => first.seqs().includes(2), 'the reply');
    first.close();
    const { status } = await user.send(conversationId, 'meanwhile');
    expect(status).toBe(200);

    const back = await connect({ token: user.token });
    const joined = await back.join({ conversationId, lastSeq: 2 });
    expect(joined.messages.map(({ seq }) => seq)).toEqual([3, 4]);
    expect(joined).toMatchObject({ hasMore: false, openTurnId: null, readSeq: 0, presence: { agentsOnline: 0 } });
    expect(await back.ask('send-message', message)).toEqual({
      ok: true,
      messageId: sent.messageId,
      seq: 1,
      turnId: sent.turnId,
      isReplay: true,
    });
    expect(await back.ask('send-message', { ...message, message: 'another' })).toMatchObject({
      ok: false,
      error: { code: 'IDEMPOTENCY.MISMATCH' },
    });
    const all = await back.ask<{ messages: { clientMessageId?: string }[] }>('sync', { conversationId, lastSeq: 0 });
    expect(all.messages.map(({ clientMessageId }) => clientMessageId)).toEqual([
      'again-1',
      undefined,
      undefined,
      undefined,
    ]);
    expect(await user.messages(conversationId)).toHaveLength(4);
  });

  it('joining again in the middle of a reply brings its text from the beginning, and how it ends', async () => {
    upstream.next(scenarios.reply(undefined, { tokens: 400, tokenDelayMs: 30 }));
    const conversationId = await user.conversation(persona);
    const socket = await connect({ token: user.token });
    await socket.join({ conversationId });
    const { turnId } = await socket.ask<{ turnId: number }>('send-message', {
      conversationId,
      message: 'Go on and on',
    });
    const deltas = (): { offset: number; delta: string }[] => socket.of('message-delta');
    await socket.until(() => deltas().length > 2, 'text');
    await socket.join({ conversationId, lastSeq: 1 });
    const before = deltas().length;
    await socket.until(() => deltas().length > before + 2, 'text after joining again');
    expect(deltas()[before]!.offset).toBe(0);
    expect(await socket.ask('cancel-turn', { conversationId, turnId })).toEqual({ ok: true });
    await socket.until(() => socket.of('turn-cancelled').length > 0, 'the end');
    expect(socket.of('turn-cancelled')).toEqual([{ conversationId, turnId }]);
  });

  it('a reply whose text could not be looked for is told all the same how it ends', async () => {
    const troubled = parley.api.log.length;
    upstream.next(scenarios.reply(undefined, { tokens: 400, tokenDelayMs: 30 }));
    const conversationId = await user.conversation(persona);
    const socket = await connect({ token: user.token });
    await socket.join({ conversationId });
    await sql.query('ALTER TABLE turn_stream_chunks RENAME TO out_of_reach');
    const { turnId } = await socket.ask<{ turnId: number }>('send-message', {
      conversationId,
      message: 'Go on and on',
    });
    await eventually(
      () => (parley.api.log.slice(troubled).includes('sockets follow could not be read') ? true : undefined),
      'the trouble',
    );
    await sql.query('ALTER TABLE out_of_reach RENAME TO turn_stream_chunks');
    await user.request('POST', `/chat/turns/${turnId}/cancel`);
    await socket.until(() => socket.of('turn-cancelled').length > 0, 'the end');
    expect(socket.of('turn-cancelled')).toEqual([{ conversationId, turnId }]);
  });

  it('what was edited or answered again while somebody was away says what it takes the place of', async () => {
    const conversationId = await user.conversation(persona);
    const { user_message: first, assistant_message: reply } = (await user.send(conversationId, 'first')).body;
    await user.request('POST', `/chat/messages/${reply.id}/regenerate`);
    await user.request('PUT', `/chat/messages/${first.id}`, { content: 'better' });
    const socket = await connect({ token: user.token });
    const marks = ({ messages }: { messages: unknown[] }): unknown[] =>
      (
        messages as { seq: number; messageId: number; isCurrent: boolean; repliesToId?: number; editOfId?: number }[]
      ).map(({ seq, isCurrent, repliesToId, editOfId }) => [seq, isCurrent, repliesToId, editOfId]);
    const joined = await socket.join({ conversationId });
    const edited = joined.messages[3]!.messageId;
    const all = [
      [1, false, undefined, undefined],
      [2, false, first.id, undefined],
      [3, false, first.id, undefined],
      [4, true, undefined, first.id],
      [5, true, edited, undefined],
    ];
    expect(marks(joined)).toEqual(all);
    const later = await socket.ask<{ messages: unknown[] }>('sync', { conversationId, lastSeq: 2 });
    expect(marks(later)).toEqual(all.slice(2));
    await user.request('POST', `/chat/messages/${edited}/regenerate`);
    await socket.until(() => socket.seqs().includes(6), 'the other reply');
    expect(marks({ messages: socket.messages() })).toEqual([[6, true, edited, undefined]]);
  });

  it('long conversations come in pages of 50 and 200, and deleted messages leave their number', async () => {
    const conversationId = await user.conversation(persona);
    await sql.query(
      `WITH made AS (UPDATE conversations SET last_seq = 300, message_count = 299 WHERE id = $1 RETURNING id, workspace_id)
       INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content, deleted_at)
       SELECT workspace_id, id, seq, 'user', 'sent', CASE WHEN seq = 290 THEN '' ELSE 'm' || seq END, CASE WHEN seq = 290 THEN now() END FROM made, generate_series(1, 300) AS seq`,
      [conversationId],
    );
    const socket = await connect({ token: user.token });
    const newest = await socket.join({ conversationId });
    expect(newest.messages).toHaveLength(50);
    expect([newest.messages[0]!.seq, newest.messages.at(-1)!.seq, newest.hasMore]).toEqual([250, 300, true]);
    const seqs: number[] = [];
    for (let hasMore = true; hasMore;) {
      const page = await socket.ask<{ messages: { seq: number }[]; hasMore: boolean }>('sync', {
        conversationId,
        lastSeq: seqs.at(-1) ?? 0,
      });
      seqs.push(...page.messages.map(({ seq }) => seq));
      ({ hasMore } = page);
    }
    expect(seqs).toEqual(Array.from({ length: 300 }, (_, index) => index + 1).filter((seq) => seq !== 290));
    // What is said next has the next number, and nothing before it comes again.
    expect((await user.send(conversationId, 'live')).status).toBe(200);
    await socket.until(() => socket.seqs().length === 2, 'message and reply');
    expect(socket.seqs()).toEqual([301, 302]);
  });

  it('a coaching session is joined by its id, with the login that it belongs to, and ends for its sockets when it ends', async () => {
    const { body: client } = await user.request<{ id: number }>('POST', '/clients', { name: 'Jo' });
    const { body: coaching } = await user.request<{ id: string }>('POST', '/sessions', {
      persona_id: persona,
      client_id: client.id,
    });
    const sessionId = String(coaching.id);
    const socket = await connect({ token: user.token });
    await socket.join({ sessionId });
    expect(await socket.ask('send-message', { sessionId, message: 'Let us begin' })).toMatchObject({
      ok: true,
      seq: 1,
    });
    await socket.until(() => socket.seqs().includes(2), 'the reply');
    expect(socket.messages()[0]).toMatchObject({ sessionId, message: 'You said: Let us begin' });
    // It is encrypted where it is stored.
    const { rows } = await sql.query<{ content: string }>('SELECT content FROM messages ORDER BY id DESC LIMIT 2');
    expect(JSON.stringify(rows)).not.toContain('begin');
    const stranger = await connect({ token: (await Client.register(() => parley.url)).token });
    expect(await stranger.ask('join-chat', { sessionId })).toMatchObject({ error: { code: 'SESSION.NOT_FOUND' } });
    await user.request('POST', `/sessions/${sessionId}/end`);
    await socket.until(() => socket.of('session-ended').length > 0, 'the end');
    expect(socket.of('session-ended')).toMatchObject([{ sessionId, reason: 'ended' }]);
    expect(await socket.ask('send-message', { sessionId, message: 'More' })).toMatchObject({
      error: { code: 'SESSION.ENDED' },
    });
  });

  it('a support session can be used over REST and a socket at once, and is gone for the socket when it is erased', async () => {
    const begun = await fetch(`${parley.url}/api/v1/chat/session`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    const { sessionId } = (await begun.json()) as { sessionId: string };
    const socket = await connect({ sessionId });
    await socket.join({ sessionId });
    await fetch(`${parley.url}/api/v1/chat/message`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ sessionId, message: 'over REST' }),
    });
    await socket.until(() => socket.seqs().length === 2, 'message and reply');
    expect(socket.messages().map(({ role, message }) => `${role}: ${message}`)).toEqual([
      'user: over REST',
      'assistant: You said: over REST',
    ]);
    await fetch(`${parley.url}/api/v1/chat/session/${sessionId}`, { method: 'DELETE' });
    await socket.until(() => socket.disconnected !== undefined, 'the end');
    expect(socket.of('session-ended')).toMatchObject([{ sessionId, reason: 'erased' }]);
  });

  it('works over long polling as well, and upgrades', async () => {
    const conversationId = await user.conversation(persona);
    const polling = await SocketUser.connect(parley.url, { token: user.token }, { transports: ['polling'] });
    sockets.push(polling);
    await polling.join({ conversationId });
    expect(await polling.ask('send-message', { conversationId, message: 'Hi' })).toMatchObject({ ok: true });
    await polling.until(() => polling.seqs().includes(2), 'the reply');
    const upgrading = await SocketUser.connect(
      parley.url,
      { token: user.token },
      { transports: ['polling', 'websocket'] },
    );
    sockets.push(upgrading);
    await upgrading.until(() => upgrading.socket.io.engine.transport.name === 'websocket', 'the upgrade');
    expect((await upgrading.join({ conversationId })).messages).toHaveLength(2);
  });
});
