import { randomBytes } from 'node:crypto';
import { Client } from '../support/client';
import { eventually, ParleyProcess } from '../support/process';
import { sampleOf } from '../support/prometheus';
import { EVENTS_LIMIT, SocketDoor } from '../support/socket-door';
import type { SocketUser } from '../support/socket-user';

describe('limits of the socket door', () => {
  let door: SocketDoor;

  beforeAll(async () => {
    door = await SocketDoor.start();
  });
  afterEach(() => door.check());
  afterAll(() => door.stop());

  it('who sends too fast is told to wait; who goes on is disconnected; what was sent before counts', async () => {
    const { socket, sessionId } = await door.joined();
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
    const socket = await door.connect({});
    await socket.until(() => socket.disconnected !== undefined, 'to be disconnected');
    expect(socket.errors()).toMatchObject([{ code: 'SOCKET.JOIN_TIMEOUT' }]);
  });

  it('a socket follows ten conversations and no more, until it leaves one', async () => {
    // Before the socket: whoever joins nothing for a while is sent away.
    const sessions = await Promise.all(Array.from({ length: 11 }, () => door.session()));
    const socket = await door.connect({});
    for (const { sessionId } of sessions.slice(0, 10)) await socket.join({ sessionId });
    const last = { sessionId: sessions[10]!.sessionId };
    expect(await socket.ask('join-chat', last)).toMatchObject({ error: { code: 'SOCKET.TOO_MANY_ROOMS' } });
    await socket.join({ sessionId: sessions[0]!.sessionId });
    await socket.ask('leave-chat', { sessionId: sessions[0]!.sessionId });
    await socket.join(last);
  });

  it('a user has so many sockets and no more', async () => {
    const other = await Client.register(() => door.parley.url);
    const first = await door.connect({ token: other.token });
    for (let open = 1; open < 5; open += 1) await door.connect({ token: other.token });
    expect(await door.refusal({ token: other.token })).toMatchObject({ code: 'SOCKET.TOO_MANY', retryAfter: 5 });
    first.close();
    await eventually(
      async () => ((await door.refusal({ token: other.token })) === undefined ? true : undefined),
      'room',
    );
  });

  it('a token that ends is announced, renewed by authenticate, and closes the socket when it is not', async () => {
    const other = await Client.register(() => door.parley.url);
    const conversationId = await other.conversation();
    const [renewed, forgotten] = [
      await door.connect({ token: other.token }),
      await door.connect({ token: other.token }),
    ];
    await renewed.join({ conversationId });
    await forgotten.until(() => forgotten.errors().length > 0, 'the warning');
    expect(forgotten.errors()).toMatchObject([{ code: 'AUTH.TOKEN_EXPIRING' }]);
    const stranger = await Client.register(() => door.parley.url);
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
    expect(Math.abs(Date.now() - expiryOf(other.token))).toBeLessThan(8000);
    expect(await renewed.ask('sync', { conversationId, lastSeq: 0 })).toMatchObject({ ok: true, messages: [] });
  });

  it('a client that does not read what it asks for is cut off, and others in the same conversation are not', async () => {
    const { socket: reader, sessionId, conversationId } = await door.joined();
    await door.sql.query(
      `WITH talk AS (UPDATE conversations SET last_seq = 200, message_count = 200 WHERE id = $1 RETURNING id, workspace_id)
       INSERT INTO messages (workspace_id, conversation_id, seq, role, status, content)
       SELECT workspace_id, id, seq, 'user', 'sent', repeat('x', 4900) FROM talk, generate_series(1, 200) AS seq`,
      [conversationId],
    );
    const deaf = await door.connect({ sessionId });
    await deaf.join({ sessionId, lastSeq: 200 });
    const { ws } = deaf.socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void } } };
    ws._socket.pause();
    // Each answer has a million characters.
    for (let asked = 0; asked < 30; asked += 1) deaf.socket.emit('sync', { sessionId, lastSeq: 0 }, () => undefined);
    await eventually(async () => {
      const metrics = await (await fetch(`${door.parley.url}/metrics`)).text();
      return sampleOf(metrics, 'parley_sockets_closed_total', { code: 'SOCKET.TOO_SLOW' });
    }, 'the slow reader to be cut off');
    await reader.until(() => reader.seqs().length === 200, 'what the others said');
    expect(reader.disconnected).toBeUndefined();
  });

  it('whoever guesses session ids is stopped after some', async () => {
    const strict = await ParleyProcess.start('api', { ...door.parley.settings, RATE_LIMIT_AUTH_PER_IP: '5' });
    const guess = async (): Promise<{ code: string; retryAfter?: number }> => {
      const auth = { sessionId: `ss_${randomBytes(24).toString('base64url')}` };
      const error: unknown = await door.connect(auth, {}, strict.url).catch((failure: unknown) => failure);
      return (error as { data: { code: string; retryAfter?: number } }).data;
    };
    const codes: string[] = [];
    for (let tries = 0; tries < 8; tries += 1) codes.push((await guess()).code);
    expect(codes.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 'SESSION.NOT_FOUND'));
    expect(codes.at(-1)).toBe('RATE_LIMITED');
    await strict.kill();
  });

  it('whoever guesses session ids by joining is stopped as well, at every socket; who has joined goes on', async () => {
    const strict = await ParleyProcess.start('api', { ...door.parley.settings, RATE_LIMIT_AUTH_PER_IP: '5' });
    const at = (auth: object): Promise<SocketUser> => door.connect(auth, {}, strict.url);
    const { sessionId } = await door.session();
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
    const strict = await ParleyProcess.start('api', { ...door.parley.settings, RATE_LIMIT_SUPPORT_PER_IP: '3' });
    const say = async (message: string): Promise<{ ok: boolean; error?: { code: string; retryAfter?: number } }> => {
      const { sessionId } = await door.session();
      const socket = await door.connect({ sessionId }, {}, strict.url);
      await socket.join({ sessionId });
      return socket.ask('send-message', { sessionId, message });
    };
    for (const message of ['one', 'two']) expect(await say(message)).toMatchObject({ ok: true });
    const overRest = async (): Promise<number> => {
      const { sessionId } = await door.session();
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
    const strict = await ParleyProcess.start('api', { ...door.parley.settings, MAX_SOCKETS_PER_IP: '2' });
    const { sessionId } = await door.session();
    const open = (): Promise<SocketUser> => door.connect({ sessionId }, {}, strict.url);
    const [one] = [await open(), await open()];
    await expect(open()).rejects.toMatchObject({ data: { code: 'SOCKET.TOO_MANY' } });
    one.close();
    await eventually(() => open().catch(() => undefined), 'room');
    await strict.kill();
  });
});

const expiryOf = (token: string): number =>
  (JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { exp: number }).exp * 1000;
