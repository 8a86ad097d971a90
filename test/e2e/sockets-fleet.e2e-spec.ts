import { Client as Postgres } from 'pg';
import { type Backend, BACKENDS, type QueueBackend, startBackend } from '../support/backends';
import { Client } from '../support/client';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually, ParleyProcess } from '../support/process';
import { type HeardMessage, SocketUser } from '../support/socket-user';
import { type SupportSession, supportSession } from '../support/support-session';

interface Delta {
  turnId: number;
  attempt: number;
  offset: number;
  delta: string;
}

/** Puts deltas together as a client does, and notices gaps. */
function textOf(deltas: readonly Delta[]): string {
  return deltas.reduce((text, { offset, delta }) => {
    if (offset > text.length) throw new Error(`There is a gap from ${text.length} to ${offset}.`);
    return text.slice(0, offset) + delta;
  }, '');
}

/** Far more than the promise needs, far less than it would take to come by accident. */
const PROMISED_MS = 5000;

describe.each(BACKENDS)('sockets at two api processes (queue in %s)', (backendName: QueueBackend) => {
  const upstream = new FakeOpenAI();
  let backend: Backend;
  let parley: Parley;
  let second: ParleyProcess;
  let sql: Postgres;
  let user: Client;
  let persona: number;
  const sockets: SocketUser[] = [];

  beforeAll(async () => {
    const baseUrl = await upstream.start();
    backend = await startBackend(backendName);
    parley = await startParley({
      ...backend.env,
      OPENAI_BASE_URL: baseUrl,
      OPENAI_API_KEY: 'sk-test-key-that-nobody-may-see',
      CONTEXT_SUMMARY: 'false',
      SOCKET_DEBOUNCE_MS: '0',
    });
    second = await ParleyProcess.start('api', parley.settings);
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
    await second.kill();
    await parley.stop();
    await backend.stop();
    await upstream.stop();
  });

  const session = async (): Promise<SupportSession> => (await supportSession(parley.database.url, persona))[0]!;
  const connect = async (url: string, auth: object, options = {}): Promise<SocketUser> => {
    const socket = await SocketUser.connect(url, auth, options);
    sockets.push(socket);
    return socket;
  };

  it('all processes and doors tell the same order, each message once', async () => {
    const conversationId = await user.conversation(persona);
    const readers = await Promise.all([parley.url, second.url].map((url) => connect(url, { token: user.token })));
    for (const reader of readers) await reader.join({ conversationId });
    const [one, two] = [
      await connect(parley.url, { token: user.token }),
      await connect(second.url, { token: user.token }),
    ];
    await one.join({ conversationId });
    await two.join({ conversationId });
    const events = { accept: 'text/event-stream' };
    const elsewhere = user.at(() => second.url);
    await Promise.all([
      ...[1, 2, 3].map((n) => one.ask('send-message', { conversationId, message: `socket here ${n}` })),
      ...[1, 2, 3].map((n) => two.ask('send-message', { conversationId, message: `socket there ${n}` })),
      ...[1, 2].map((n) => elsewhere.send(conversationId, `REST ${n}`)),
      fetch(`${parley.url}/chat/conversations/${conversationId}/send`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${user.token}`, ...events },
        body: JSON.stringify({ content: 'SSE' }),
      }).then((response) => response.text()),
    ]);
    const all = Array.from({ length: 18 }, (_, index) => index + 1);
    for (const reader of readers) await reader.until(() => reader.seqs().length >= 18, 'all messages');
    for (const reader of readers) expect(reader.seqs()).toEqual(all);
    const texts = (messages: HeardMessage[]): string[] => messages.map(({ message }) => message);
    expect(texts(readers[0]!.messages())).toEqual(texts(readers[1]!.messages()));
    const stored = await user.messages(conversationId);
    expect(stored.map(({ content }) => content)).toEqual(texts(readers[0]!.messages()));
    // What a sender's own socket was not told, it knows from its acknowledgements.
    await one.until(() => one.seqs().length >= 15);
    expect(one.seqs()).toEqual(
      stored.filter(({ content }) => !content.startsWith('socket here')).map(({ seq }) => seq),
    );
  });

  it('one of two processes is killed in the middle of a reply: the client goes on at the other, with no gap and nothing twice', async () => {
    const { sessionId } = await session();
    upstream.next(scenarios.reply(undefined, { tokens: 200, tokenDelayMs: 40 }));
    const doomed = await ParleyProcess.start('api', parley.settings);
    const before = await connect(doomed.url, { sessionId }, { reconnection: false });
    await before.join({ sessionId });
    const sent = await before.ask<{ seq: number; turnId: number }>('send-message', {
      sessionId,
      message: 'Tell me all',
    });
    await before.until(() => before.of('message-delta').length >= 5, 'text');
    await doomed.kill('SIGKILL');
    await before.until(() => before.disconnected !== undefined);
    expect(before.messages()).toEqual([]);

    const after = await connect(second.url, { sessionId });
    const joined = await after.join({ sessionId, lastSeq: sent.seq });
    expect(joined).toMatchObject({ messages: [], openTurnId: sent.turnId });
    await after.until(() => after.messages().length > 0, 'the reply');
    const [reply] = after.messages();
    expect(reply).toMatchObject({ seq: sent.seq + 1, role: 'assistant', turnId: sent.turnId, status: 'completed' });
    const deltas = [...before.of<Delta>('message-delta'), ...after.of<Delta>('message-delta')];
    expect(new Set(deltas.map(({ attempt }) => attempt))).toEqual(new Set([1]));
    // The process that is asked now has the text from its beginning, and so has a client that begins with what it had.
    expect(reply!.message.startsWith(textOf(after.of<Delta>('message-delta')))).toBe(true);
    expect(reply!.message.startsWith(textOf(deltas))).toBe(true);
    expect(textOf(deltas).length).toBeGreaterThan(textOf(before.of<Delta>('message-delta')).length);
    expect(await after.ask('sync', { sessionId, lastSeq: 0 })).toMatchObject({
      ok: true,
      hasMore: false,
      messages: [{ seq: 1 }, { seq: 2, message: reply!.message }],
    });
    expect(after.seqs()).toEqual([2]);
  });

  it('a reply is told while it is written, with the assistant typing, at the process that did not take the message', async () => {
    const { sessionId } = await session();
    upstream.next(scenarios.reply(undefined, { tokens: 20, tokenDelayMs: 150 }));
    const [here, there] = [await connect(parley.url, { sessionId }), await connect(second.url, { sessionId })];
    await here.join({ sessionId });
    await there.join({ sessionId });
    await here.ask('send-message', { sessionId, message: 'Hello' });
    await there.until(() => there.messages().length === 2, 'message and reply');
    const order = there.heard.map(({ event, payload }) =>
      event === 'typing' ? `typing ${String((payload as { isTyping: boolean }).isTyping)}` : event,
    );
    const delta = order.indexOf('message-delta');
    expect(delta).toBeGreaterThan(order.indexOf('typing true'));
    expect(order.indexOf('typing false')).toBeGreaterThan(delta);
    expect(order.lastIndexOf('message-received')).toBeGreaterThan(order.lastIndexOf('message-delta'));
    expect(there.messages()[1]!.message.startsWith(textOf(there.of<Delta>('message-delta')))).toBe(true);
  });

  it('a turn that is stopped over a socket is told as stopped everywhere', async () => {
    const { sessionId } = await session();
    upstream.next(scenarios.reply(undefined, { tokens: 400, tokenDelayMs: 40 }));
    const [here, there] = [await connect(parley.url, { sessionId }), await connect(second.url, { sessionId })];
    await here.join({ sessionId });
    await there.join({ sessionId });
    const { turnId } = await here.ask<{ turnId: number }>('send-message', { sessionId, message: 'Go on and on' });
    await there.until(() => there.of('message-delta').length > 2, 'text');
    expect(await there.ask('cancel-turn', { sessionId, turnId })).toEqual({ ok: true });
    for (const socket of [here, there]) {
      await socket.until(() => socket.of('turn-cancelled').length > 0 && socket.seqs().includes(2));
      expect(socket.of('turn-cancelled')).toMatchObject([{ sessionId, turnId }]);
      expect(socket.messages().find(({ seq }) => seq === 2)).toMatchObject({ status: 'cancelled', turnId });
    }
  });

  it('typing and reading reach the other sockets, and what was read is kept and never goes back', async () => {
    const { sessionId, conversationId } = await session();
    const [here, there] = [await connect(parley.url, { sessionId }), await connect(second.url, { sessionId })];
    await here.join({ sessionId });
    await there.join({ sessionId });
    await here.ask('send-message', { sessionId, message: 'Hello' });
    await there.until(() => there.seqs().includes(2), 'the reply');
    await there.ask('typing', { sessionId, isTyping: true });
    await here.until(() => here.of<{ from: string }>('typing').some(({ from }) => from === 'user'));
    await there.ask('read', { sessionId, seq: 999 });
    await here.until(() => here.of('read').length === 1);
    expect(here.of('read')).toEqual([{ sessionId, conversationId, by: 'user', seq: 2 }]);
    await there.ask('read', { sessionId, seq: 1 });
    expect((await here.join({ sessionId })).readSeq).toBe(2);
    expect(there.of('read')).toEqual([]);
  });

  it('whoever logs out is disconnected at once at every process, and within five seconds when no event tells of it', async () => {
    const other = await Client.register(() => parley.url);
    const conversationId = await other.conversation();
    const told = await connect(second.url, { token: other.token });
    await told.join({ conversationId });
    const startedAt = performance.now();
    await other.request('POST', '/auth/logout');
    await told.until(() => told.disconnected !== undefined, 'to be disconnected');
    const withEventMs = performance.now() - startedAt;
    expect(told.errors().at(-1)).toMatchObject({ code: 'AUTH.LOGIN_ENDED' });
    expect(told.disconnected).toBe('io server disconnect');
    expect(withEventMs).toBeLessThan(1000);

    const silent = await Client.register(() => parley.url);
    const untold = await connect(second.url, { token: silent.token });
    const endedAt = performance.now();
    await sql.query('UPDATE logins SET revoked_at = now(), revoked_reason = $2 WHERE user_id = $1', [
      silent.userId,
      'logout',
    ]);
    await untold.until(() => untold.disconnected !== undefined, 'to be disconnected');
    expect(performance.now() - endedAt).toBeLessThan(PROMISED_MS);
    expect(untold.errors().at(-1)).toMatchObject({ code: 'AUTH.LOGIN_ENDED' });
  });

  it('a session that ends or is erased is told within five seconds without an event; of an erased one nothing can be used', async () => {
    const [ended, erased] = [await session(), await session()];
    const socket = await connect(second.url, { sessionId: ended.sessionId });
    await socket.join({ sessionId: ended.sessionId });
    const visitor = await connect(second.url, { sessionId: erased.sessionId });
    await visitor.join({ sessionId: erased.sessionId });
    const startedAt = performance.now();
    await sql.query(
      `UPDATE sessions SET status = 'ended', end_reason = 'timeout', ended_at = now() WHERE conversation_id = $1`,
      [ended.conversationId],
    );
    await sql.query('DELETE FROM conversations WHERE id = $1', [erased.conversationId]);
    await socket.until(() => socket.of('session-ended').length > 0, 'the end of the session');
    await visitor.until(() => visitor.disconnected !== undefined, 'the end of the socket');
    expect(performance.now() - startedAt).toBeLessThan(PROMISED_MS);
    expect(socket.of('session-ended')).toMatchObject([{ sessionId: ended.sessionId, reason: 'timeout' }]);
    expect(await socket.ask('send-message', { sessionId: ended.sessionId, message: 'Still there?' })).toMatchObject({
      ok: false,
      error: { code: 'SESSION.ENDED' },
    });
    expect(visitor.of('session-ended')).toMatchObject([{ sessionId: erased.sessionId, reason: 'erased' }]);
    await expect(connect(second.url, { sessionId: erased.sessionId })).rejects.toMatchObject({
      data: { code: 'SESSION.NOT_FOUND' },
    });
  });

  it('visitors see how many of the team are there, each counted once, and nobody of a process that died', async () => {
    const { sessionId, workspaceId } = await session();
    const visitor = await connect(second.url, { sessionId });
    expect((await visitor.join({ sessionId })).presence).toEqual({ agentsOnline: 0 });
    const doomed = await ParleyProcess.start('api', parley.settings);
    const agent = await connect(doomed.url, { token: user.token }, { reconnection: false });
    const same = await connect(parley.url, { token: user.token });
    // One process's news may come before those of another that is older, so the one that dies is heard of first.
    expect(await agent.ask('set-presence', { workspaceId, isOnline: true })).toMatchObject({ ok: true });
    await visitor.until(() => visitor.of('presence').length > 0, 'somebody to be present');
    await same.ask('set-presence', { workspaceId, isOnline: true });
    await same.ask('set-presence', { workspaceId, isOnline: false });
    await doomed.kill('SIGKILL');
    await visitor.until(() => visitor.of<{ agentsOnline: number }>('presence').at(-1)?.agentsOnline === 0, 'nobody');
    expect(visitor.of('presence')).toEqual([
      { workspaceId, agentsOnline: 1 },
      { workspaceId, agentsOnline: 0 },
    ]);
    const stranger = await connect(parley.url, { token: (await Client.register(() => parley.url)).token });
    expect(await stranger.ask('set-presence', { workspaceId, isOnline: true })).toMatchObject({
      ok: false,
      error: { code: 'WORKSPACE.NOT_FOUND' },
    });
  });

  it('a process that ends tells its sockets, which come back by themselves', async () => {
    const { sessionId } = await session();
    const ending = await ParleyProcess.start('api', parley.settings);
    const socket = await connect(ending.url, { sessionId });
    await socket.join({ sessionId });
    await ending.kill('SIGTERM');
    await socket.until(() => socket.disconnected !== undefined, 'to be told');
    expect(socket.errors()).toMatchObject([{ code: 'SERVER.ENDING' }]);
    // With `io server disconnect` a client would stay away.
    expect(socket.disconnected).toBe('transport close');
    // An orderly end: past its deadline it would have been cut off with an exit code.
    expect(ending.child.signalCode).toBe('SIGTERM');
    await eventually(() => (socket.socket.active ? true : undefined), 'the client to try again');
  });
});
