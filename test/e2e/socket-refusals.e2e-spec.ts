import { randomBytes } from 'node:crypto';
import { io } from 'socket.io-client';
import { Client as Postgres } from 'pg';
import { Client } from '../support/client';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually, ParleyProcess } from '../support/process';
import { sampleOf } from '../support/prometheus';
import { SocketUser } from '../support/socket-user';
import { type SupportSession, supportSession } from '../support/support-session';

const LOGIN_SECONDS = 12;
const EVENTS_LIMIT = 40;

/** Writes packets as they go over the wire, past what the client would make of them. */
const writeRaw = (user: SocketUser, packet: string | Buffer): void => {
  (user.socket.io.engine as unknown as { write(data: string | Buffer): void }).write(packet);
};

describe('what the socket door refuses', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let user: Client;
  let sql: Postgres;
  let persona: number;
  const sockets: SocketUser[] = [];
  /** Somebody who has nothing to do with it. */
  let bystander: SocketUser;

  beforeAll(async () => {
    const baseUrl = await upstream.start();
    parley = await startParley({
      OPENAI_BASE_URL: baseUrl,
      OPENAI_API_KEY: 'sk-test-key-that-nobody-may-see',
      CONTEXT_SUMMARY: 'false',
      SOCKET_DEBOUNCE_MS: '0',
      SOCKET_EVENTS_PER_10S: String(EVENTS_LIMIT),
      SOCKET_JOIN_TIMEOUT_MS: '1500',
      ACCESS_TOKEN_TTL_SECONDS: String(LOGIN_SECONDS),
      MAX_SOCKETS_PER_USER: '5',
      CORS_ORIGINS: 'https://app.example',
    });
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
    user = await Client.register(() => parley.url);
    persona = await user.persona({ visibility: 'workspace' });
    const own = await session();
    bystander = await SocketUser.connect(parley.url, { sessionId: own.sessionId }, { reconnection: false });
    await bystander.join({ sessionId: own.sessionId });
  });

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
    upstream.reset();
    expect(bystander.heard.filter(({ event }) => event !== 'chat-joined')).toEqual([]);
    expect(bystander.disconnected).toBeUndefined();
    expect(parley.api.log).not.toContain('"level":50');
  });

  afterAll(async () => {
    bystander.close();
    await sql.end();
    await parley.stop();
    await upstream.stop();
  });

  const session = async (): Promise<SupportSession> => (await supportSession(parley.database.url, persona))[0]!;
  const connect = async (auth: object, options = {}): Promise<SocketUser> => {
    const socket = await SocketUser.connect(parley.url, auth, { reconnection: false, ...options });
    sockets.push(socket);
    return socket;
  };
  const joined = async (): Promise<{ socket: SocketUser; sessionId: string; conversationId: number }> => {
    const { sessionId, conversationId } = await session();
    const socket = await connect({ sessionId });
    await socket.join({ sessionId });
    return { socket, sessionId, conversationId };
  };
  const refusal = async (auth: object, options = {}): Promise<unknown> => {
    const error: unknown = await connect(auth, options).catch((failure: unknown) => failure);
    return (error as { data?: unknown }).data;
  };

  it('a handshake with a proof that proves nothing is refused with a code', async () => {
    expect(await refusal({ token: 'nonsense' })).toMatchObject({ code: 'AUTH.TOKEN_INVALID' });
    expect(await refusal({ token: { of: 'objects' } })).toMatchObject({ code: 'REQUEST.INVALID', field: 'auth.token' });
    expect(await refusal({ sessionId: `ss_${'x'.repeat(32)}` })).toMatchObject({ code: 'SESSION.NOT_FOUND' });
    expect(await refusal({ sessionId: 7 })).toMatchObject({ code: 'REQUEST.INVALID', field: 'auth.sessionId' });
    const other = await Client.register(() => parley.url);
    await other.request('POST', '/auth/logout');
    expect(await refusal({ token: other.token })).toMatchObject({ code: 'AUTH.LOGIN_ENDED' });
  });

  it('nothing of somebody else can be joined, whoever asks and however', async () => {
    const other = await Client.register(() => parley.url);
    const foreign = await other.conversation();
    const { conversationId } = await session();
    const socket = await connect({ token: (await Client.register(() => parley.url)).token });
    for (const [target, code] of [
      [{ conversationId: foreign }, 'CONVERSATION.FORBIDDEN'],
      [{ conversationId }, 'CONVERSATION.FORBIDDEN'],
      [{ conversationId: 999_999_999 }, 'CONVERSATION.NOT_FOUND'],
      [{ sessionId: `cs_${randomBytes(24).toString('base64url')}` }, 'SESSION.NOT_FOUND'],
      [{}, 'REQUEST.INVALID'],
    ] as const) {
      expect(await socket.ask('join-chat', target)).toMatchObject({ ok: false, error: { code } });
    }
    for (const event of ['send-message', 'sync', 'typing', 'read', 'cancel-turn']) {
      const payload = { conversationId: foreign, message: 'x', lastSeq: 0, isTyping: true, seq: 1, turnId: 1 };
      const { error } = await socket.ask(event, pick(event, payload));
      expect([event, error?.code]).toEqual([event, 'SOCKET.NOT_JOINED']);
    }
    const visitor = await connect({ sessionId: (await session()).sessionId });
    expect(await visitor.ask('join-chat', { conversationId })).toMatchObject({
      ok: false,
      error: { code: 'AUTH.REQUIRED' },
    });
  });

  it('a turn of another conversation cannot be stopped', async () => {
    upstream.next(scenarios.reply(undefined, { tokens: 50, tokenDelayMs: 20 }));
    const other = await Client.register(() => parley.url);
    const conversationId = await other.conversation();
    const { body } = await other.request<{ id: number }>(
      'POST',
      `/chat/conversations/${conversationId}/send`,
      { content: 'Hello' },
      { prefer: 'respond-async' },
    );
    const { socket, sessionId } = await joined();
    expect(await socket.ask('cancel-turn', { sessionId, turnId: body.id })).toMatchObject({
      ok: false,
      error: { code: 'TURN.FORBIDDEN' },
    });
    expect(await socket.ask('cancel-turn', { sessionId, turnId: 999_999_999 })).toMatchObject({
      ok: false,
      error: { code: 'TURN.NOT_FOUND' },
    });
  });

  it.each([
    ['a message that is no text', 'send-message', { message: 7 }, 'message'],
    ['a blank message', 'send-message', { message: ' \n' }, 'message'],
    ['a message of 32,001 characters', 'send-message', { message: 'x'.repeat(32_001) }, 'message'],
    ['half a character', 'send-message', { message: '\ud800' }, 'message'],
    ['a name of a message with spaces', 'send-message', { message: 'x', clientMessageId: 'a b' }, 'clientMessageId'],
    ['an unknown field', 'send-message', { message: 'x', isAdmin: true }, 'isAdmin'],
    ['a seq that is none', 'sync', { lastSeq: -1 }, 'lastSeq'],
    ['a fraction', 'read', { seq: 1.5 }, 'seq'],
    ['a list', 'typing', [], 'body'],
    ['a text for a payload', 'typing', 'yes', 'body'],
    ['a target that is an object', 'join-chat', { sessionId: { $ne: null } }, 'sessionId'],
  ])('%s is refused with the name of the field', async (_what, event, payload, field) => {
    const { socket } = await joined();
    const { ok, error } = await socket.ask(event, payload);
    expect({ ok, code: error?.code, field: error?.field }).toEqual({ ok: false, code: 'REQUEST.INVALID', field });
    expect(socket.errors()).toMatchObject([{ code: 'REQUEST.INVALID', field, event }]);
    expect(JSON.stringify(error)).not.toMatch(/ at |node_modules|\.ts:/);
  });

  it('a message of 32,000 characters of four bytes each is taken', async () => {
    const { socket, sessionId } = await joined();
    expect(await socket.ask('send-message', { sessionId, message: '€'.repeat(32_000) })).toMatchObject({ ok: true });
  });

  it('events that do not exist are answered, and events of Socket.IO do no harm', async () => {
    const { socket } = await joined();
    for (const event of ['drop-tables', 'error', '__proto__', 'constructor', 'x'.repeat(500)]) {
      const { error } = await socket.ask(event, { message: 'x' });
      expect(error?.code).toBe('SOCKET.UNKNOWN_EVENT');
      expect(error!.detail.length).toBeLessThan(200);
    }
    expect(await socket.ask('typing', { isTyping: true })).toEqual({ ok: true });
    const metrics = await (await fetch(`${parley.url}/metrics`)).text();
    expect(metrics).not.toContain('drop-tables');
    expect(
      sampleOf(metrics, 'parley_socket_events_total', { event: 'unknown', code: 'SOCKET.UNKNOWN_EVENT' }),
    ).toBeGreaterThan(4);
  });

  it.each([
    [
      'a packet that is larger than any message',
      `2${JSON.stringify(['typing', { is: 'x'.repeat(100_000) }])}`,
      'REQUEST.TOO_LARGE',
    ],
    ['a packet that is no JSON', '2["typing",{', 'REQUEST.INVALID'],
    ['a packet of an unknown type', '9[]', 'REQUEST.INVALID'],
    ['an event of a reserved name', '2["disconnect"]', 'REQUEST.INVALID'],
    ['a binary event', '51-["typing",{"_placeholder":true,"num":0}]', 'REQUEST.INVALID'],
    ['bytes', Buffer.from('2["typing"]'), 'REQUEST.INVALID'],
  ])('%s closes the connection with a code', async (_what, packet, code) => {
    const { socket } = await joined();
    writeRaw(socket, packet);
    await socket.until(() => socket.disconnected !== undefined, 'to be disconnected');
    expect(socket.errors()).toMatchObject([{ code }]);
  });

  it('a frame of megabytes closes its connection, and the process holds none of it', async () => {
    const { socket } = await joined();
    writeRaw(socket, 'x'.repeat(5_000_000));
    await socket.until(() => socket.disconnected !== undefined, 'to be disconnected');
  });

  it('who sends too fast is told to wait; who goes on is disconnected; what was sent before counts', async () => {
    const { socket, sessionId } = await joined();
    const answers = await Promise.all(
      Array.from({ length: EVENTS_LIMIT + 10 }, () => socket.ask('typing', { sessionId, isTyping: true })),
    );
    const refused = answers.filter(({ ok }) => !ok);
    // Joining was one event, too.
    expect(refused).toHaveLength(11);
    expect(refused[0]!.error).toMatchObject({ code: 'RATE_LIMITED' });
    expect(refused[0]!.error!.retryAfter).toBeGreaterThan(0);
    for (let more = 0; more < EVENTS_LIMIT * 2; more += 1) socket.socket.emit('typing', { sessionId, isTyping: true });
    await socket.until(() => socket.disconnected !== undefined, 'to be disconnected');
    expect(socket.errors().at(-1)).toMatchObject({ code: 'RATE_LIMITED' });
    expect(socket.disconnected).toBe('io server disconnect');
  });

  it('a socket that proves nothing and joins nothing is closed', async () => {
    const socket = await connect({});
    await socket.until(() => socket.disconnected !== undefined, 'to be disconnected');
    expect(socket.errors()).toMatchObject([{ code: 'SOCKET.JOIN_TIMEOUT' }]);
  });

  it('a socket follows ten conversations and no more, until it leaves one', async () => {
    const socket = await connect({});
    const sessions = await Promise.all(Array.from({ length: 11 }, () => session()));
    for (const { sessionId } of sessions.slice(0, 10)) await socket.join({ sessionId });
    const last = { sessionId: sessions[10]!.sessionId };
    expect(await socket.ask('join-chat', last)).toMatchObject({ error: { code: 'SOCKET.TOO_MANY_ROOMS' } });
    await socket.join({ sessionId: sessions[0]!.sessionId });
    await socket.ask('leave-chat', { sessionId: sessions[0]!.sessionId });
    await socket.join(last);
  });

  it('a user has so many sockets and no more', async () => {
    const other = await Client.register(() => parley.url);
    for (let open = 0; open < 5; open += 1) await connect({ token: other.token });
    expect(await refusal({ token: other.token })).toMatchObject({ code: 'SOCKET.TOO_MANY', retryAfter: 5 });
    sockets.at(-1)!.close();
    await eventually(async () => ((await refusal({ token: other.token })) === undefined ? true : undefined), 'room');
  });

  it('pages of other sites get nowhere, neither with a login nor with a session, unless they are named', async () => {
    const other = await Client.register(() => parley.url);
    const { sessionId } = await session();
    const from = (origin: string): object => ({ extraHeaders: { origin } });
    for (const auth of [{ token: other.token }, { sessionId }]) {
      expect(await refusal(auth, from('https://evil.example'))).toMatchObject({ code: 'SOCKET.ORIGIN' });
      expect(await refusal(auth, from('null'))).toMatchObject({ code: 'SOCKET.ORIGIN' });
      expect(await refusal(auth, from('https://app.example'))).toBeUndefined();
      expect(await refusal(auth, from(parley.url))).toBeUndefined();
    }
    const nobody = await connect({}, from('https://evil.example'));
    expect(await nobody.ask('join-chat', { sessionId })).toMatchObject({ error: { code: 'SOCKET.ORIGIN' } });
  });

  it('a token that ends is announced, renewed by authenticate, and closes the socket when it is not', async () => {
    const other = await Client.register(() => parley.url);
    const conversationId = await other.conversation();
    const [renewed, forgotten] = [await connect({ token: other.token }), await connect({ token: other.token })];
    await renewed.join({ conversationId });
    await forgotten.until(() => forgotten.errors().length > 0, 'the warning');
    expect(forgotten.errors()).toMatchObject([{ code: 'AUTH.TOKEN_EXPIRING' }]);
    const stranger = await Client.register(() => parley.url);
    expect(await renewed.ask('authenticate', { token: stranger.token })).toMatchObject({
      error: { code: 'AUTH.OTHER_USER' },
    });
    // A second later, or the new token would end with the old one.
    await forgotten.until(() => Date.now() > expiryOf(other.token) - 4000, 'the last seconds');
    const { body } = await other.request<{ access_token: string }>('POST', '/auth/refresh', {
      refresh_token: other.refreshToken,
    });
    const { expiresAt } = await renewed.ask<{ expiresAt: string }>('authenticate', { token: body.access_token });
    expect(Date.parse(expiresAt)).toBe(expiryOf(body.access_token));
    await forgotten.until(() => forgotten.disconnected !== undefined, 'the end');
    expect(forgotten.errors().at(-1)).toMatchObject({ code: 'AUTH.TOKEN_EXPIRED' });
    expect(Math.abs(Date.now() - expiryOf(other.token))).toBeLessThan(3000);
    expect(await renewed.ask('sync', { conversationId, lastSeq: 0 })).toMatchObject({ ok: true, messages: [] });
  });

  it('a client that does not read what it asks for is cut off, and others in the same conversation are not', async () => {
    const { socket: reader, sessionId, conversationId } = await joined();
    await sql.query(
      `WITH talk AS (UPDATE conversations SET last_seq = 200, message_count = 200 WHERE id = $1 RETURNING id, workspace_id)
       INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content)
       SELECT workspace_id, id, seq, 'user', 'sent', repeat('x', 4900) FROM talk, generate_series(1, 200) AS seq`,
      [conversationId],
    );
    const deaf = await connect({ sessionId });
    await deaf.join({ sessionId, lastSeq: 200 });
    const { ws } = deaf.socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void } } };
    ws._socket.pause();
    // Each answer has a million characters.
    for (let asked = 0; asked < 30; asked += 1) deaf.socket.emit('sync', { sessionId, lastSeq: 0 }, () => undefined);
    await eventually(async () => {
      const metrics = await (await fetch(`${parley.url}/metrics`)).text();
      return sampleOf(metrics, 'parley_sockets_closed_total', { code: 'SOCKET.TOO_SLOW' });
    }, 'the slow reader to be cut off');
    await reader.until(() => reader.seqs().length === 200, 'what the others said');
    expect(reader.disconnected).toBeUndefined();
  });

  it('whoever guesses session ids is stopped after some', async () => {
    const strict = await ParleyProcess.start('api', { ...parley.settings, RATE_LIMIT_AUTH_PER_IP: '5' });
    const guess = async (): Promise<{ code: string; retryAfter?: number }> => {
      const error: unknown = await SocketUser.connect(
        strict.url,
        { sessionId: `ss_${randomBytes(24).toString('base64url')}` },
        { reconnection: false },
      ).catch((failure: unknown) => failure);
      return (error as { data: { code: string; retryAfter?: number } }).data;
    };
    const codes: string[] = [];
    for (let tries = 0; tries < 8; tries += 1) codes.push((await guess()).code);
    expect(codes.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 'SESSION.NOT_FOUND'));
    expect(codes.at(-1)).toBe('RATE_LIMITED');
    await strict.kill();
  });

  it('whoever guesses session ids by joining is stopped as well, at every socket; who has joined goes on', async () => {
    const strict = await ParleyProcess.start('api', { ...parley.settings, RATE_LIMIT_AUTH_PER_IP: '5' });
    const at = async (auth: object): Promise<SocketUser> => {
      const socket = await SocketUser.connect(strict.url, auth, { reconnection: false });
      sockets.push(socket);
      return socket;
    };
    const { sessionId } = await session();
    const inside = await at({ sessionId });
    await inside.join({ sessionId });
    const guess = async (socket: SocketUser): Promise<string> => {
      const { error } = await socket.ask('join-chat', { sessionId: `ss_${randomBytes(24).toString('base64url')}` });
      return error!.code;
    };
    const codes: string[] = [];
    for (let opened = 0; opened < 4; opened += 1) {
      const guesser = await at({});
      codes.push(await guess(guesser), await guess(guesser));
    }
    expect(codes).toEqual([
      ...Array.from({ length: 5 }, () => 'SESSION.NOT_FOUND'),
      ...Array.from({ length: 3 }, () => 'RATE_LIMITED'),
    ]);
    expect(await inside.ask('send-message', { sessionId, message: 'Still here' })).toMatchObject({ ok: true });
    await expect(at({ sessionId })).rejects.toMatchObject({ data: { code: 'RATE_LIMITED' } });
    await strict.kill();
  });

  it('what visitors of one network say counts together, whatever their sessions and doors', async () => {
    const strict = await ParleyProcess.start('api', { ...parley.settings, RATE_LIMIT_SUPPORT_PER_IP: '3' });
    const say = async (message: string): Promise<{ ok: boolean; error?: { code: string; retryAfter?: number } }> => {
      const { sessionId } = await session();
      const socket = await SocketUser.connect(strict.url, { sessionId }, { reconnection: false });
      sockets.push(socket);
      await socket.join({ sessionId });
      return socket.ask('send-message', { sessionId, message });
    };
    for (const message of ['one', 'two']) expect(await say(message)).toMatchObject({ ok: true });
    const overRest = async (): Promise<number> => {
      const { sessionId } = await session();
      const response = await fetch(`${strict.url}/api/v1/chat/message`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', prefer: 'respond-async' },
        body: JSON.stringify({ sessionId, message: 'three' }),
      });
      return response.status;
    };
    expect(await overRest()).toBe(202);
    const refused = await say('four');
    expect(refused).toMatchObject({ ok: false, error: { code: 'REQUEST.TOO_MANY' } });
    expect(refused.error!.retryAfter).toBeGreaterThan(0);
    expect(await overRest()).toBe(429);
    await strict.kill();
  });

  it('more sockets of one network than allowed are told why', async () => {
    const strict = await ParleyProcess.start('api', { ...parley.settings, MAX_SOCKETS_PER_IP: '2' });
    const { sessionId } = await session();
    const open = (): Promise<SocketUser> => SocketUser.connect(strict.url, { sessionId }, { reconnection: false });
    const [one, two] = [await open(), await open()];
    await expect(open()).rejects.toMatchObject({ data: { code: 'SOCKET.TOO_MANY' } });
    one.close();
    sockets.push(two, await eventually(() => open().catch(() => undefined), 'room'));
    await strict.kill();
  });

  it('another namespace does not exist', async () => {
    const socket = io(`${parley.url}/admin`, { transports: ['websocket'], reconnection: false, forceNew: true });
    const error = await new Promise<Error>((resolve) => socket.once('connect_error', resolve));
    expect(error.message).toBe('Invalid namespace');
    socket.close();
  });
});

const FIELDS: Record<string, string[]> = {
  'send-message': ['conversationId', 'message'],
  sync: ['conversationId', 'lastSeq'],
  typing: ['conversationId', 'isTyping'],
  read: ['conversationId', 'seq'],
  'cancel-turn': ['conversationId', 'turnId'],
};
const pick = (event: string, payload: Record<string, unknown>): object =>
  Object.fromEntries(Object.entries(payload).filter(([field]) => FIELDS[event]!.includes(field)));

const expiryOf = (token: string): number =>
  (JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { exp: number }).exp * 1000;
