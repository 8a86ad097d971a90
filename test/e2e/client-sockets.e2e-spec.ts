import {
  type Chat,
  createParley,
  type Parley as Api,
  type Realtime,
  type SocketMessage,
  type TextShown,
} from '@parley/client';
import { AsyncApiContract } from '../support/asyncapi';
import { Client } from '../support/client';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { FlakyProxy } from '../support/flaky-proxy';
import { type Parley, startParley } from '../support/parley';
import { eventually, ParleyProcess } from '../support/process';

const portOf = (url: string): number => Number(new URL(url).port);

/** A chat as somebody sees it. */
class Watcher {
  readonly messages: SocketMessage[] = [];
  readonly shown: TextShown[] = [];

  constructor(readonly chat: Chat) {
    chat.on('messages', (messages) => this.messages.push(...messages));
    chat.on('text', (text) => this.shown.push(text));
  }

  get seqs(): number[] {
    return this.messages.map(({ seq }) => seq);
  }

  until(check: () => boolean, what: string): Promise<true> {
    return eventually(
      () => (check() ? (true as const) : undefined),
      `${what}; seen ${JSON.stringify(this.messages)}`,
      40_000,
    );
  }
}

/** @parley/client at the socket door, through an address that outlives the api processes behind it. */
describe('the JavaScript client in real time', () => {
  const upstream = new FakeOpenAI();
  const contract = new AsyncApiContract();
  const open: Realtime[] = [];
  let parley: Parley;
  let proxy: FlakyProxy;
  let user: Client;
  let api: Api;

  beforeAll(async () => {
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      CONTEXT_SUMMARY: 'false',
      SOCKET_DEBOUNCE_MS: '0',
      ACCESS_TOKEN_TTL_SECONDS: '60',
      SOCKET_EVENTS_PER_10S: '1000',
    });
    proxy = await FlakyProxy.start(portOf(parley.url));
    user = await Client.register(() => parley.url, 'sockets@example.com');
    api = createParley({
      baseUrl: `http://127.0.0.1:${proxy.port}`,
      token: user.token,
      refreshToken: user.refreshToken,
    });
  });
  afterEach(() => {
    for (const realtime of open.splice(0)) realtime.close();
    upstream.reset();
  });
  afterAll(async () => {
    await proxy.stop();
    await parley.stop();
    await upstream.stop();
  });

  const connect = (): Realtime => {
    const realtime = api.realtime({ ackTimeoutMs: 5_000 });
    realtime.socket.onAny((event: string, payload: unknown) => contract.check('server', event, payload));
    realtime.socket.onAnyOutgoing((event: string, payload: unknown) => contract.check('client', event, payload));
    open.push(realtime);
    return realtime;
  };
  const watch = async (conversationId: number, realtime = connect()): Promise<Watcher> =>
    new Watcher(await realtime.join({ conversationId }));
  const conversation = async (): Promise<number> => {
    const { data } = await api.rest.POST('/chat/conversations', { body: { persona_id: personaId } });
    return data.id;
  };
  let personaId: number;
  beforeAll(async () => {
    const { data } = await api.rest.POST('/personas', { body: { name: 'Alex', description: 'A good friend' } });
    personaId = data.id;
  });
  const stored = async (conversationId: number): Promise<[number, string][]> => {
    const path = { conversation_id: conversationId };
    const { data } = await api.rest.GET('/chat/conversations/{conversation_id}/messages', {
      params: { path, query: { limit: 200 } },
    });
    return data.messages.map(({ seq, content }) => [seq, content]);
  };
  const words = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ');

  it('says something, shows the answer as it grows and then whole, and tells others of it', async () => {
    upstream.always(scenarios.reply(words, { tokenDelayMs: 120 }));
    const id = await conversation();
    const [mine, other] = [await watch(id), await watch(id)];
    mine.chat.typing(true);
    const accepted = await mine.chat.send('hello');
    expect(accepted).toMatchObject({ seq: 1, isReplay: false });
    await mine.until(() => mine.messages.length === 2, 'the answer');
    await other.until(() => other.messages.length === 2, 'both messages');
    for (const watcher of [mine, other]) {
      expect(watcher.messages.map(({ seq, role, message }) => [seq, role, message])).toEqual([
        [1, 'user', 'hello'],
        [2, 'assistant', words],
      ]);
      expect(watcher.shown.length).toBeGreaterThan(3);
      for (const { text } of watcher.shown) expect(words.startsWith(text)).toBe(true);
    }
    await mine.chat.read();
  });

  it('kill one of two api processes in the middle of a stream: the client goes on at the other without gap or repetition', async () => {
    upstream.always(scenarios.reply(words, { tokenDelayMs: 60 }));
    const second = await ParleyProcess.start('api', parley.settings);
    const id = await conversation();
    const watcher = await watch(id);
    await watcher.chat.send('tell me');
    await watcher.until(() => watcher.shown.length > 3, 'some text');
    proxy.targetPort = portOf(second.url);
    const before = watcher.shown.length;
    await parley.api.kill('SIGKILL');
    const waiting = watcher.chat.send('and then?');
    await watcher.until(() => watcher.messages.length === 4, 'both answers');
    expect(await waiting).toMatchObject({ isReplay: false });
    expect(watcher.messages.map(({ seq, message }) => [seq, message])).toEqual(await stored(id));
    expect(watcher.seqs).toEqual([1, 2, 3, 4]);
    // Not only the end: the rest of the text came as it was written.
    expect(watcher.shown.length).toBeGreaterThan(before);
    for (const { text } of watcher.shown) expect(words.startsWith(text)).toBe(true);
    await parley.startApi();
    proxy.targetPort = portOf(parley.url);
    await second.kill();
  });

  it('connections that break again and again: what is said over a socket, REST and a stream is seen once, in one order', async () => {
    upstream.always(scenarios.reply(undefined, { tokens: 5, tokenDelayMs: 20 }));
    // A refresh token is good once: when the answer to its use is cut off, the login is over. So this one renews nothing.
    const { data: login } = await createParley({ baseUrl: parley.url }).rest.POST('/auth/login', {
      body: { username: 'sockets@example.com', password: 'password123' },
    });
    const direct = createParley({ baseUrl: parley.url, token: login.access_token });
    const { data: made } = await direct.rest.POST('/chat/conversations', { body: { persona_id: personaId } });
    const { id } = made;
    const cut = createParley({ baseUrl: `http://127.0.0.1:${proxy.port}`, token: login.access_token });
    const watchers = [];
    for (const realtime of [cut.realtime({ ackTimeoutMs: 5_000 }), cut.realtime({ ackTimeoutMs: 5_000 })]) {
      open.push(realtime);
      watchers.push(await watch(id, realtime));
    }
    // However slow all of this is, it comes to an end.
    let cuts = 0;
    const cutting = setInterval(() => {
      if ((cuts += 1) <= 12) proxy.cut();
    }, 700);
    const spoken: Promise<unknown>[] = [];
    for (let round = 0; round < 6; round += 1) {
      spoken.push(watchers[0]!.chat.send(`socket ${round}`), cut.send(id, `stream ${round}`).result());
      await cut.rest.POST('/chat/conversations/{conversation_id}/send', {
        params: { path: { conversation_id: id } },
        body: { content: `rest ${round}` },
      });
    }
    await Promise.all(spoken);
    clearInterval(cutting);
    const expected = await eventually(async () => {
      const messages = await stored(id);
      return messages.length === 36 ? messages : undefined;
    }, 'all answers');
    for (const watcher of watchers) {
      await watcher.until(() => watcher.messages.length >= 36, 'all messages');
      expect(watcher.messages.map(({ seq, message }) => [seq, message])).toEqual(expected);
    }
    const texts = expected.map(([, text]) => text);
    for (let round = 0; round < 6; round += 1) {
      for (const door of ['socket', 'stream', 'rest']) {
        expect(texts.filter((text) => text === `${door} ${round}`)).toHaveLength(1);
      }
    }
  });

  it('cancels what is being written', async () => {
    upstream.always(scenarios.reply(words, { tokenDelayMs: 200 }));
    const watcher = await watch(await conversation());
    const cancelled: number[] = [];
    watcher.chat.on('cancelled', ({ turnId }) => cancelled.push(turnId));
    const { turnId } = await watcher.chat.send('tell me');
    await watcher.until(() => watcher.shown.length > 0, 'some text');
    await watcher.chat.cancel();
    await watcher.until(() => cancelled.length === 1 && watcher.messages.length === 2, 'the end');
    expect([cancelled, watcher.messages[1]!.status]).toEqual([[turnId], 'cancelled']);
  });

  it('a connection outlives its tokens: they are renewed on it, and it never breaks', async () => {
    const watcher = await watch(await conversation());
    const realtime = open[0]!;
    const broken: string[] = [];
    realtime.on('disconnected', ({ reason }) => broken.push(reason));
    // The backend's tokens last a minute here, and it asks for a newer one as soon as there is less left.
    await watcher.until(() => contract.seen.has('client.authenticate'), 'a newer token');
    await watcher.chat.send('hello');
    await watcher.until(() => watcher.messages.length === 2, 'the answer');
    expect(broken).toEqual([]);
  });

  it('a stranger may not join, and is told so with a code', async () => {
    const id = await conversation();
    const stranger = await Client.register(() => parley.url);
    const realtime = createParley({ baseUrl: parley.url, token: stranger.token }).realtime();
    open.push(realtime);
    await expect(realtime.join({ conversationId: id })).rejects.toMatchObject({ code: 'CONVERSATION.FORBIDDEN' });
    const nobody = createParley({ baseUrl: parley.url, token: 'nonsense' }).realtime();
    open.push(nobody);
    await expect(nobody.join({ conversationId: id })).rejects.toMatchObject({ code: 'AUTH.TOKEN_INVALID' });
  });

  it('all that went over the sockets is what docs/asyncapi.yaml says', () => {
    expect(contract.flaws).toEqual([]);
    for (const name of [
      'client.join-chat',
      'server.chat-joined',
      'server.message-received',
      'server.message-delta',
      'server.typing',
    ]) {
      expect(contract.seen).toContain(name);
    }
  });
});
