import {
  type Chat,
  createParley,
  type ParleyError,
  type Realtime,
  type SocketMessage,
  type TextShown,
} from '@parley/client';
import { eventually } from '../support/process';
import { BareServer } from './bare-server';

const tokenFor = (seconds: number, name: string): string => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ exp: Math.floor(Date.now() / 1000) + seconds, name })}.x`;
};

describe('real time through the client', () => {
  let server: BareServer;
  const open: Realtime[] = [];
  beforeEach(async () => (server = await BareServer.start()));
  afterEach(async () => {
    for (const realtime of open.splice(0)) realtime.close();
    await server.stop();
  });

  const realtimeWith = (options: object = {}): Realtime => {
    const realtime = createParley({ baseUrl: server.url, ...options }).realtime({ ackTimeoutMs: 2_000 });
    open.push(realtime);
    return realtime;
  };
  const join = async (
    more: object = {},
    options: object = {},
  ): Promise<{ chat: Chat; seen: SocketMessage[]; realtime: Realtime }> => {
    const realtime = realtimeWith(options);
    const seen: SocketMessage[] = [];
    const chat = await realtime.join({ sessionId: 's', ...more });
    chat.on('messages', (messages) => seen.push(...messages));
    return { chat, seen, realtime };
  };
  const until = (check: () => boolean, what: string) => eventually(() => (check() ? true : undefined), what);
  const texts = (messages: SocketMessage[]): string[] => messages.map(({ message }) => message);

  it('passes on what comes, in order, and nothing twice', async () => {
    const { seen } = await join();
    server.say('one');
    server.say('two');
    await until(() => seen.length === 2, 'two messages');
    for (const socket of server.sockets) socket.emit('message-received', server.messages[0]!);
    server.say('three');
    await until(() => seen.length >= 3, 'the third');
    expect(texts(seen)).toEqual(['one', 'two', 'three']);
    expect(server.namesReceived()).toEqual(['join-chat']);
  });

  it('asks for what is missing before it passes on what came after it, page by page', async () => {
    const { seen } = await join();
    for (const text of ['a', 'b', 'c', 'd', 'e']) server.store(text);
    server.say('f');
    await until(() => seen.length === 6, 'all of them');
    expect(texts(seen)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(server.received.slice(1)).toEqual([
      ['sync', { sessionId: 's', lastSeq: 0 }],
      ['sync', { sessionId: 's', lastSeq: 3 }],
    ]);
  });

  it('asks again for what is missing when it is told to wait, and when nobody answers', async () => {
    const { seen, chat } = await join();
    const errors: ParleyError[] = [];
    chat.on('error', (error) => errors.push(error));
    server.syncRefusals.push({ code: 'RATE_LIMITED', detail: 'Wait.', retryAfter: 0 }, 'silence');
    server.store('a');
    server.say('b');
    await until(() => seen.length === 2, 'both');
    expect(texts(seen)).toEqual(['a', 'b']);
    expect(errors).toEqual([]);
    server.syncRefusals.push({ code: 'SOCKET.NOT_JOINED', detail: 'Join first.' });
    server.store('c');
    server.say('d');
    await until(() => errors.length === 1, 'the refusal');
    expect(errors[0]).toMatchObject({ code: 'SOCKET.NOT_JOINED' });
  });

  it('a message that was deleted leaves a hole that is not waited for', async () => {
    const { seen } = await join();
    server.say('one');
    const third = server.store('three', { seq: 3 });
    for (const socket of server.sockets) socket.emit('message-received', third);
    await until(() => seen.length === 2, 'both');
    expect(texts(seen)).toEqual(['one', 'three']);
  });

  it('after a broken connection it joins again and gets exactly what was missed', async () => {
    const { chat, seen, realtime } = await join();
    server.say('one');
    await until(() => seen.length === 1, 'the first');
    const reasons: string[] = [];
    realtime.on('disconnected', ({ reason }) => reasons.push(reason));
    server.cut();
    for (const text of ['two', 'three', 'four', 'five', 'six']) server.store(text);
    await until(() => seen.length === 6, 'all of them');
    server.say('seven');
    await until(() => seen.length === 7, 'the one after them');
    expect(texts(seen)).toEqual(['one', 'two', 'three', 'four', 'five', 'six', 'seven']);
    expect(chat.lastSeq).toBe(7);
    expect(reasons).toHaveLength(1);
    expect(server.received.filter(([name]) => name === 'join-chat')[1]![1]).toEqual({ sessionId: 's', lastSeq: 1 });
  });

  it('goes on where an earlier program was: lastSeq', async () => {
    for (const text of ['one', 'two', 'three']) server.store(text);
    const realtime = realtimeWith();
    const joining = realtime.join({ sessionId: 's', lastSeq: 2 });
    const chat = await joining;
    expect(chat.lastSeq).toBe(3);
    const seen: SocketMessage[] = [];
    server.say('four');
    await until(() => chat.lastSeq === 4, 'the fourth');
    chat.on('messages', (messages) => seen.push(...messages));
    expect(texts(seen)).toEqual(['three', 'four']);
  });

  it('says things in order, and shows them among the others', async () => {
    const { chat, seen } = await join();
    const accepted = await Promise.all([chat.send('one'), chat.send('two'), chat.send('three')]);
    expect(accepted.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    server.say('an answer');
    await until(() => seen.length === 4, 'all of them');
    expect(seen.map(({ seq, role, message }) => [seq, role, message])).toEqual([
      [1, 'user', 'one'],
      [2, 'user', 'two'],
      [3, 'user', 'three'],
      [4, 'assistant', 'an answer'],
    ]);
  });

  it('what is said while the connection is broken is said once, after it is there again', async () => {
    const { chat, seen } = await join();
    server.cut();
    const accepted = await Promise.all([chat.send('one'), chat.send('two')]);
    expect(accepted.map(({ seq, isReplay }) => [seq, isReplay])).toEqual([
      [1, false],
      [2, false],
    ]);
    await until(() => seen.length === 2, 'both');
  });

  it('a message whose acknowledgement was lost is sent again under its name, and stored once', async () => {
    const { chat, seen } = await join();
    server.breakAfterStoring = 2;
    const accepted = await chat.send('once', { clientMessageId: 'mine' });
    expect(accepted).toMatchObject({ seq: 1, isReplay: true });
    expect(server.messages).toHaveLength(1);
    await until(() => seen.length === 1, 'the message');
    expect(
      server.received.filter(([name]) => name === 'send-message').map(([, payload]) => payload.clientMessageId),
    ).toEqual(['mine', 'mine', 'mine']);
  });

  it('waits when it is told to, and throws what was refused for good', async () => {
    const { chat } = await join();
    server.sendRefusals.push({ code: 'RATE_LIMITED', detail: 'Wait.', retryAfter: 0 });
    expect(await chat.send('one')).toMatchObject({ seq: 1 });
    server.sendRefusals.push({ code: 'SESSION.ENDED', detail: 'It is over.' });
    await expect(chat.send('two')).rejects.toMatchObject({ code: 'SESSION.ENDED', detail: 'It is over.' });
    expect(await chat.send('three')).toMatchObject({ seq: 2 });
  });

  it('a message can be taken back while it waits, and does not wait for ever', async () => {
    const { chat } = await join();
    await server.stop();
    const abort = new AbortController();
    const calledOff = chat.send('one', { signal: abort.signal });
    abort.abort(new Error('never mind'));
    await expect(calledOff).rejects.toThrow('never mind');
    await expect(chat.send('two', { timeoutMs: 50 })).rejects.toMatchObject({ code: 'CLIENT.TIMEOUT' });
    server = await BareServer.start();
  });

  it('puts the text of an answer together, forgets that of an attempt that failed, and shows no text with a hole', async () => {
    const { chat } = await join();
    const shown: TextShown[] = [];
    chat.on('text', (text) => shown.push(text));
    const tell = (attempt: number, offset: number, delta: string) =>
      server.sockets[0]!.emit('message-delta', {
        sessionId: 's',
        conversationId: 1,
        turnId: 9,
        attempt,
        offset,
        delta,
      });
    tell(1, 0, 'Hel');
    tell(1, 3, 'lo');
    tell(1, 0, 'Hello you');
    tell(1, 20, 'lost');
    server.sockets[0]!.emit('message-reset', { sessionId: 's', conversationId: 1, turnId: 9 });
    tell(2, 0, 'Bye');
    await until(() => shown.length === 5, 'the text');
    expect(shown.map(({ text }) => text)).toEqual(['Hel', 'Hello', 'Hello you', '', 'Bye']);
    expect(chat.openTurnId).toBe(9);
    server.sockets[0]!.emit('message-received', server.store('Bye bye', { turnId: 9 }));
    await until(() => chat.openTurnId === null, 'the end of the turn');
  });

  it('may not join: the code is thrown, and the connection stays for others', async () => {
    const { realtime } = await join();
    await expect(realtime.join({ sessionId: 'unknown' })).rejects.toMatchObject({ code: 'SESSION.NOT_FOUND' });
    expect(realtime.isConnected).toBe(true);
  });

  describe('credentials', () => {
    it('go into the handshake: the token, or the id of the session', async () => {
      await join({}, { token: 't' });
      await join({}, { sessionId: 's' });
      expect(server.handshakes).toEqual([{ token: 't' }, { sessionId: 's' }]);
    });

    it('a token is renewed before it ends, on the same connection', async () => {
      let count = 0;
      await join({}, { getToken: () => tokenFor(count === 0 ? 32 : 600, `token ${(count += 1)}`) });
      server.sockets[0]!.emit('chat-error', { code: 'AUTH.TOKEN_EXPIRING', detail: 'It ends soon.' });
      await until(() => server.namesReceived().includes('authenticate'), 'the newer token');
      expect(server.handshakes).toHaveLength(1);
      expect(count).toBe(2);
    });

    it('a handshake that is refused for its token is tried once more with a newer one', async () => {
      server.refusals.push({ code: 'AUTH.TOKEN_EXPIRED', detail: 'It has ended.' });
      const tokens = ['old', 'new'];
      await join({}, { getToken: () => tokens.shift() });
      expect(server.handshakes).toEqual([{ token: 'old' }, { token: 'new' }]);
    });

    it('a handshake that is refused for good is not tried again', async () => {
      server.refusals.push({ code: 'SESSION.NOT_FOUND', detail: 'It is gone.' });
      const realtime = realtimeWith({ sessionId: 's' });
      const failures: ParleyError[] = [];
      realtime.on('failed', (error) => failures.push(error));
      await expect(realtime.join({ sessionId: 's' })).rejects.toMatchObject({ code: 'SESSION.NOT_FOUND' });
      expect([failures.length, server.handshakes.length]).toEqual([1, 1]);
      // Whoever asks again begins anew.
      expect((await realtime.join({ sessionId: 's' })).conversationId).toBe(1);
    });

    it('comes back after the backend has ended the connection, and when it was told to wait', async () => {
      const { seen } = await join({}, { token: 't' });
      server.refusals.push({ code: 'SOCKET.TOO_MANY', detail: 'Wait.', retryAfter: 0 });
      server.sockets[0]!.disconnect(true);
      server.store('meanwhile');
      await until(() => seen.length === 1, 'what was missed');
    });
  });
});
