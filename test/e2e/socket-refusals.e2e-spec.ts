import { randomBytes } from 'node:crypto';
import { io } from 'socket.io-client';
import { Client } from '../support/client';
import { scenarios } from '../support/fake-openai';
import { sampleOf } from '../support/prometheus';
import { SocketDoor } from '../support/socket-door';
import type { SocketUser } from '../support/socket-user';

/** Writes packets as they go over the wire, past what the client would make of them. */
const writeRaw = (user: SocketUser, packet: string | Buffer): void => {
  (user.socket.io.engine as unknown as { write(data: string | Buffer): void }).write(packet);
};

describe('what the socket door refuses', () => {
  let door: SocketDoor;

  beforeAll(async () => {
    door = await SocketDoor.start();
  });
  afterEach(() => door.check());
  afterAll(() => door.stop());

  it('a handshake with a proof that proves nothing is refused with a code', async () => {
    expect(await door.refusal({ token: 'nonsense' })).toMatchObject({ code: 'AUTH.TOKEN_INVALID' });
    expect(await door.refusal({ token: { of: 'objects' } })).toMatchObject({
      code: 'REQUEST.INVALID',
      field: 'auth.token',
    });
    expect(await door.refusal({ sessionId: `ss_${'x'.repeat(32)}` })).toMatchObject({ code: 'SESSION.NOT_FOUND' });
    expect(await door.refusal({ sessionId: 7 })).toMatchObject({ code: 'REQUEST.INVALID', field: 'auth.sessionId' });
    const other = await Client.register(() => door.parley.url);
    await other.request('POST', '/auth/logout');
    expect(await door.refusal({ token: other.token })).toMatchObject({ code: 'AUTH.LOGIN_ENDED' });
  });

  it('nothing of somebody else can be joined, whoever asks and however', async () => {
    const other = await Client.register(() => door.parley.url);
    const foreign = await other.conversation();
    const { conversationId } = await door.session();
    const socket = await door.connect({ token: (await Client.register(() => door.parley.url)).token });
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
    const visitor = await door.connect({ sessionId: (await door.session()).sessionId });
    expect(await visitor.ask('join-chat', { conversationId })).toMatchObject({
      ok: false,
      error: { code: 'AUTH.REQUIRED' },
    });
  });

  it('a turn of another conversation cannot be stopped', async () => {
    door.upstream.next(scenarios.reply(undefined, { tokens: 50, tokenDelayMs: 20 }));
    const other = await Client.register(() => door.parley.url);
    const conversationId = await other.conversation();
    const { body } = await other.request<{ id: number }>(
      'POST',
      `/chat/conversations/${conversationId}/send`,
      { content: 'Hello' },
      { prefer: 'respond-async' },
    );
    const { socket, sessionId } = await door.joined();
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
    const { socket } = await door.joined();
    const { ok, error } = await socket.ask(event, payload);
    expect({ ok, code: error?.code, field: error?.field }).toEqual({ ok: false, code: 'REQUEST.INVALID', field });
    expect(socket.errors()).toMatchObject([{ code: 'REQUEST.INVALID', field, event }]);
    expect(JSON.stringify(error)).not.toMatch(/ at |node_modules|\.ts:/);
  });

  it('a message of 32,000 characters of four bytes each is taken', async () => {
    const { socket, sessionId } = await door.joined();
    expect(await socket.ask('send-message', { sessionId, message: '€'.repeat(32_000) })).toMatchObject({ ok: true });
  });

  it('events that do not exist are answered, and events of Socket.IO do no harm', async () => {
    const { socket } = await door.joined();
    for (const event of ['drop-tables', 'error', '__proto__', 'constructor', 'x'.repeat(500)]) {
      const { error } = await socket.ask(event, { message: 'x' });
      expect(error?.code).toBe('SOCKET.UNKNOWN_EVENT');
      expect(error!.detail.length).toBeLessThan(200);
    }
    expect(await socket.ask('typing', { isTyping: true })).toEqual({ ok: true });
    const metrics = await (await fetch(`${door.parley.url}/metrics`)).text();
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
    const { socket } = await door.joined();
    writeRaw(socket, packet);
    await socket.until(() => socket.disconnected !== undefined, 'to be disconnected');
    expect(socket.errors()).toMatchObject([{ code }]);
  });

  it('a frame of megabytes closes its connection, and the process holds none of it', async () => {
    const { socket } = await door.joined();
    writeRaw(socket, 'x'.repeat(5_000_000));
    await socket.until(() => socket.disconnected !== undefined, 'to be disconnected');
  });

  it('pages of other sites get nowhere, neither with a login nor with a session, unless they are named', async () => {
    const other = await Client.register(() => door.parley.url);
    const { sessionId } = await door.session();
    const from = (origin: string): object => ({ extraHeaders: { origin } });
    for (const auth of [{ token: other.token }, { sessionId }]) {
      expect(await door.refusal(auth, from('https://evil.example'))).toMatchObject({ code: 'SOCKET.ORIGIN' });
      expect(await door.refusal(auth, from('null'))).toMatchObject({ code: 'SOCKET.ORIGIN' });
      expect(await door.refusal(auth, from('https://app.example'))).toBeUndefined();
      expect(await door.refusal(auth, from(door.parley.url))).toBeUndefined();
    }
    const nobody = await door.connect({}, from('https://evil.example'));
    expect(await nobody.ask('join-chat', { sessionId })).toMatchObject({ error: { code: 'SOCKET.ORIGIN' } });
  });

  it('another namespace does not exist', async () => {
    const socket = io(`${door.parley.url}/admin`, { transports: ['websocket'], reconnection: false, forceNew: true });
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
