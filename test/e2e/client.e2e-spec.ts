import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createParley, type Parley as Api, ParleyError, type TurnEvent } from '@parley/client';
import { Client } from '../support/client';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { FlakyProxy } from '../support/flaky-proxy';
import { type Parley, startParley } from '../support/parley';

const portOf = (url: string): number => Number(new URL(url).port);

/** @parley/client through an address that outlives the api processes behind it. */
describe('the JavaScript client', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let proxy: FlakyProxy;
  let user: Client;
  let api: Api;
  let conversationId: number;

  beforeAll(async () => {
    const baseUrl = await upstream.start();
    parley = await startParley({
      OPENAI_BASE_URL: baseUrl,
      OPENAI_API_KEY: 'sk-test',
      MAX_STREAMS_PER_USER: '3',
      RATE_LIMIT_SEND_PER_USER: '100000',
    });
    proxy = await FlakyProxy.start(portOf(parley.url));
    user = await Client.register(() => parley.url);
    api = createParley({ baseUrl: `http://127.0.0.1:${proxy.port}`, token: user.token });
    conversationId = await user.conversation();
  });
  afterAll(async () => {
    await proxy.stop();
    await parley.stop();
    await upstream.stop();
  });
  beforeEach(() => upstream.reset());

  const words = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ');
  const slowly = () => scenarios.reply(words, { tokenDelayMs: 60 });
  const joined = (events: TurnEvent[]): string =>
    events.map((event) => (event.event === 'message.delta' ? event.data.delta : '')).join('');
  const sentTo = (id: number) =>
    api.rest.GET('/chat/conversations/{conversation_id}/messages', { params: { path: { conversation_id: id } } });

  it('talks REST: what is sent and what comes back has its types, a refusal is an error with a code', async () => {
    const { data: persona } = await api.rest.POST('/personas', {
      body: { name: 'Alex', description: 'A good friend' },
    });
    const { data: conversation } = await api.rest.POST('/chat/conversations', { body: { persona_id: persona.id } });
    const { data: sent } = await api.rest.POST('/chat/conversations/{conversation_id}/send', {
      params: { path: { conversation_id: conversation.id } },
      body: { content: 'hello' },
    });
    expect('assistant_message' in sent && sent.assistant_message?.content).toBe('You said: hello');
    const missing = api.rest.GET('/chat/conversations/{conversation_id}', {
      params: { path: { conversation_id: 999_999 } },
    });
    await expect(missing).rejects.toMatchObject({ code: 'CONVERSATION.NOT_FOUND', status: 404 });
    const wrong = api.rest.GET('/chat/conversations', { params: { query: { limit: 100_000 } } });
    await expect(wrong).rejects.toMatchObject({ status: 422, errors: [{ field: 'limit' }] });
  });

  it('a reply outlives the api process that streams it: no gap, no repetition, one message', async () => {
    upstream.always(slowly());
    const id = await user.conversation();
    const stream = api.send(id, 'tell me');
    const seen: TurnEvent[] = [];
    for await (const event of stream) {
      seen.push(event);
      // Killed twice: each time in the middle of the text, and only then is there another one.
      if (event.event === 'message.delta' && [3, 9].includes(seen.length)) {
        await parley.api.kill('SIGKILL');
        void parley.startApi().then(() => (proxy.targetPort = portOf(parley.url)));
      }
    }
    expect(seen.at(-1)!.event).toBe('message.completed');
    expect(joined(seen)).toBe(words);
    expect(stream.text).toBe(words);
    const ids = seen.map((event) => event.id);
    expect(ids).toEqual([...new Set(ids)].sort((one, two) => one - two));
    const { data } = await sentTo(id);
    expect(data.messages.map(({ role, content }) => [role, content])).toEqual([
      ['user', 'tell me'],
      ['assistant', words],
    ]);
    expect(upstream.requests).toHaveLength(1);
  });

  it('connections that break again and again cost nothing but time', async () => {
    upstream.always(slowly());
    const seen: TurnEvent[] = [];
    for await (const event of api.send(await user.conversation(), 'tell me')) {
      seen.push(event);
      if (event.event === 'message.delta' && seen.length % 6 === 0) proxy.cut();
    }
    expect(joined(seen)).toBe(words);
  });

  it('more streams than a user may have open: every message is stored once and every reply arrives', async () => {
    upstream.always(scenarios.reply('done', { tokenDelayMs: 100 }));
    const ids = await Promise.all(Array.from({ length: 6 }, () => user.conversation()));
    const ends = await Promise.all(ids.map((id) => api.send(id, 'hello', { stream: false }).result()));
    expect(ends.map(({ data }) => data.assistant_message?.content)).toEqual(Array(6).fill('done'));
    for (const id of ids) expect((await sentTo(id)).data.messages).toHaveLength(2);
  });

  it('cancels what is being written, watches what somebody else began, and says why a turn failed', async () => {
    upstream.always(scenarios.reply(words, { tokenDelayMs: 200 }));
    const stream = api.send(conversationId, 'tell me');
    for await (const event of stream) if (event.event === 'message.delta') break;
    const watching = api.watch(stream.turnId!).result();
    await stream.cancel();
    expect(await watching).toMatchObject({ event: 'turn.cancelled', data: { status: 'cancelled' } });
    upstream.next(scenarios.quotaExhausted());
    const failed = await api.send(conversationId, 'again').result();
    expect(failed).toMatchObject({ event: 'turn.failed', data: { error: { code: 'UPSTREAM.QUOTA_EXHAUSTED' } } });
  });

  it('the api serves the description of the socket events beside that of its routes', async () => {
    const response = await fetch(`${parley.url}/docs/asyncapi.yaml`);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/yaml; charset=utf-8']);
    expect(await response.text()).toBe(readFileSync(resolve(__dirname, '../../docs/asyncapi.yaml'), 'utf8'));
  });

  it('renews its token through a refresh token, once for all that wait', async () => {
    const { data } = await api.rest.POST('/auth/register', {
      body: { username: `client-${process.pid}@example.com`, password: 'password123' },
    });
    const kept: string[] = [];
    const renewing = createParley({
      baseUrl: parley.url,
      token: 'ended',
      refreshToken: data.refresh_token,
      onTokens: ({ refreshToken }) => kept.push(refreshToken),
    });
    const answers = await Promise.all(Array.from({ length: 5 }, () => renewing.rest.GET('/auth/me')));
    expect(new Set(answers.map((answer) => answer.data.id))).toEqual(new Set([data.id]));
    expect(kept).toHaveLength(1);
    const gone = createParley({ baseUrl: parley.url, token: 'ended', refreshToken: data.refresh_token });
    await expect(gone.rest.GET('/auth/me')).rejects.toBeInstanceOf(ParleyError);
  });
});
