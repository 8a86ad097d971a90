import { FakeOpenAI, scenarios } from '../../../../test/support/fake-openai';
import { createConversationsApi } from './provider.factory';
import type { ConversationsApi } from './conversations.port';
import { ProviderError } from './provider.error';
import { aProvider, aRequest, API_KEY, call } from './provider.spec-support';
import { SimulatorServer } from './simulator/simulator-server';

const fake = new FakeOpenAI();
const simulator = new SimulatorServer();
let simulatorUrl = '';
beforeAll(async () => {
  await fake.start();
  simulatorUrl = (await simulator.start()).baseUrl;
});
afterAll(async () => {
  await fake.stop();
  await simulator.stop();
});
beforeEach(() => fake.reset());

const apiAt = (baseUrl: string, contentIdleTimeoutMs = 5_000): ConversationsApi =>
  createConversationsApi({
    apiKey: API_KEY,
    baseUrl,
    api: 'responses',
    defaultModel: 'gpt-6-luna',
    contentIdleTimeoutMs,
    totalTimeoutMs: 10_000,
    provider: 'compatible',
  });
const codeOf = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof ProviderError ? error.code : String(error)),
  );

describe.each(['the fake upstream', 'the simulator'])('the Conversations API of %s', (name) => {
  const baseUrl = (): string => (name === 'the simulator' ? simulatorUrl : fake.baseUrl);

  it('keeps what is added, in order, and pages through it', async () => {
    const api = apiAt(baseUrl());
    const { id, createdAt } = await api.create({ parley_conversation: '1' });
    expect(createdAt).toBeInstanceOf(Date);
    expect((await api.retrieve(id)).id).toBe(id);
    await api.addItems(id, [
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'two' },
      { role: 'user', content: 'three' },
    ]);
    const first = await api.listItems(id, { limit: 2 });
    expect(first.items.map(({ role, text }) => [role, text])).toEqual([
      ['user', 'one'],
      ['assistant', 'two'],
    ]);
    expect(first.hasMore).toBe(true);
    const second = await api.listItems(id, { limit: 2, after: first.lastId! });
    expect(second.items.map(({ text }) => text)).toEqual(['three']);
    expect(second.hasMore).toBe(false);
  });

  it('a response in a conversation sees what it holds, and adds itself', async () => {
    const api = apiAt(baseUrl());
    const { id } = await api.create({});
    const provider = aProvider({ baseUrl: baseUrl() });
    const say = (content: string) =>
      call(provider, aRequest({ conversationId: id, input: [{ role: 'user', content }] }));
    expect((await say('My name is Dana')).error).toBeNull();
    expect((await say('What is my name?')).error).toBeNull();
    expect((await api.listItems(id, { limit: 10 })).items.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'user',
      'assistant',
    ]);
  });

  it('a conversation that is gone is a code of its own, and deleting it again is no error', async () => {
    const api = apiAt(baseUrl());
    const { id } = await api.create({});
    await api.delete(id);
    await api.delete(id);
    expect(await codeOf(api.retrieve(id))).toBe('UPSTREAM.CONVERSATION_NOT_FOUND');
    const { error } = await call(aProvider({ baseUrl: baseUrl() }), aRequest({ conversationId: id }));
    expect(error).toMatchObject({ code: 'UPSTREAM.CONVERSATION_NOT_FOUND', kind: 'retryable' });
  });
});

describe('the Conversations API that fails', () => {
  it('ends in time, also when the upstream says nothing', async () => {
    fake.alwaysConversations(scenarios.hang());
    expect(await codeOf(apiAt(fake.baseUrl, 100).create({}))).toBe('UPSTREAM.TIMEOUT');
  });

  it('a caller that gives up is heard', async () => {
    fake.alwaysConversations(scenarios.hang());
    const stopped = new AbortController();
    const creating = codeOf(apiAt(fake.baseUrl).create({}, stopped.signal));
    await fake.log.waitFor((entries) => entries.length > 0);
    stopped.abort();
    expect(await creating).toBe('UPSTREAM.CANCELLED');
  });

  it('an upstream without it is no lost conversation', async () => {
    fake.conversations.isSupported = false;
    expect(await codeOf(apiAt(fake.baseUrl).create({}))).toBe('UPSTREAM.NOT_FOUND');
    const { error } = await call(aProvider(fake), aRequest({ conversationId: 'conv_1' }));
    expect(error).toMatchObject({ code: 'UPSTREAM.BAD_REQUEST', refusedField: 'conversation' });
  });

  it.each([
    [401, 'UPSTREAM.UNAUTHORIZED'],
    [429, 'UPSTREAM.RATE_LIMITED'],
    [503, 'UPSTREAM.OVERLOADED'],
  ])('%i is %s', async (status, code) => {
    fake.alwaysConversations(scenarios.error(status));
    expect(await codeOf(apiAt(fake.baseUrl).create({}))).toBe(code);
  });

  it('a complaint about items is told without what it quotes of them', async () => {
    fake.alwaysConversations(scenarios.error(400, { message: "Invalid item: 'The walrus dances at midnight'" }));
    const items = [{ role: 'user' as const, content: 'The walrus dances at midnight' }];
    const failure = await apiAt(fake.baseUrl)
      .addItems('conv_1', items)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ProviderError);
    expect((failure as ProviderError).logDetail).toContain('Invalid item');
    expect((failure as ProviderError).logDetail).not.toContain('walrus');
  });

  it('what is no conversation is refused: nonsense, and an id that cannot be kept', async () => {
    for (const body of ['[]', '{}', JSON.stringify({ id: 'x'.repeat(101) })]) {
      fake.alwaysConversations({ type: 'raw', contentType: 'application/json', body });
      expect(await codeOf(apiAt(fake.baseUrl).create({}))).toBe('UPSTREAM.BAD_ANSWER');
    }
  });

  it('more than 20 items or 16 pairs of metadata are refused by the fake as by OpenAI', async () => {
    const api = apiAt(fake.baseUrl);
    const { id } = await api.create({});
    const items = Array.from({ length: 21 }, () => ({ role: 'user' as const, content: 'x' }));
    expect(await codeOf(api.addItems(id, items))).toBe('UPSTREAM.BAD_REQUEST');
    const metadata = Object.fromEntries(items.slice(0, 17).map((_, index) => [`key${index}`, 'x']));
    expect(await codeOf(api.create(metadata))).toBe('UPSTREAM.BAD_REQUEST');
  });

  it('two responses at once in one conversation: the second is locked out', async () => {
    const api = apiAt(fake.baseUrl);
    const { id } = await api.create({});
    fake.next({ type: 'reply', text: 'slow', firstTokenDelayMs: 500 });
    const provider = aProvider(fake);
    const first = call(provider, aRequest({ conversationId: id }));
    await fake.waitForRequests(1);
    expect((await call(provider, aRequest({ conversationId: id }))).error?.code).toBe('UPSTREAM.CONVERSATION_LOCKED');
    expect((await first).error).toBeNull();
  });
});
