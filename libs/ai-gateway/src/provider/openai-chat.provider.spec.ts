import { FakeOpenAI, scenarios } from '../../../../test/support/fake-openai';
import { aProvider, aRequest, call } from './provider.spec-support';

const fake = new FakeOpenAI();
beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(() => fake.reset());

const provider = (change = {}) => aProvider(fake, { api: 'chat', ...change });

describe('the Chat Completions API', () => {
  it('gets the instructions as system message, the history, and a wish for usage', async () => {
    await call(provider(), aRequest({ maxOutputTokens: 99, temperature: 0.2, prompt: { id: 'ignored' } }));
    expect(fake.requests[0]).toMatchObject({ path: '/v1/chat/completions', status: 200 });
    expect(fake.requests[0]?.body).toEqual({
      model: 'gpt-6-luna',
      messages: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: 'hello there' },
      ],
      stream: true,
      stream_options: { include_usage: true },
      store: false,
      max_completion_tokens: 99,
      temperature: 0.2,
      reasoning_effort: 'none',
    });
  });

  it('names the limit max_tokens for compatible servers, and sends them no OpenAI fields', async () => {
    await call(provider({ provider: 'compatible' }), aRequest({ model: 'llama', maxOutputTokens: 99 }));
    expect(fake.requests[0]?.body).toMatchObject({ max_tokens: 99 });
    expect(fake.requests[0]?.body).not.toHaveProperty('store');
  });

  it('renames the limit when the server wants its other name, and drops it when it knows neither', async () => {
    const target = provider({ provider: 'compatible' });
    const request = aRequest({ maxOutputTokens: 99 });
    const renamed = await call(target, request);
    expect(renamed.extraRequests).toHaveLength(1);
    expect(fake.requests[1]?.body).toMatchObject({ max_completion_tokens: 99 });
    fake.next(scenarios.unsupportedParam('max_completion_tokens'));
    await call(target, request);
    expect(fake.requests.at(-1)?.body).not.toHaveProperty('max_tokens');
    expect(fake.requests.at(-1)?.body).not.toHaveProperty('max_completion_tokens');
    expect(fake.requests.at(-1)?.status).toBe(200);
  });

  it('accepts an answer with finish_reason from a server that leaves out [DONE]', async () => {
    fake.next({ type: 'reply', text: 'complete', withoutDone: true });
    expect((await call(provider())).result).toMatchObject({
      text: 'complete',
      usage: { inputTokens: expect.any(Number) as number },
    });
  });

  it.each(['end', 'reset'] as const)(
    'keeps an answer whose connection broke (%s) after the finish_reason, with unknown usage',
    async (how) => {
      fake.next({ type: 'cut', how, afterPieces: 2, afterFinishReason: true });
      expect((await call(provider())).result).toMatchObject({
        text: 'piece1 piece2 ',
        finish: 'stop',
        usage: { totalTokens: null },
      });
    },
  );

  it('takes zeros of a server that does not count for unknown', async () => {
    fake.next({ type: 'reply', text: 'hi', usage: { input: 0, output: 0 } });
    expect((await call(provider())).result?.usage.totalTokens).toBeNull();
  });
});
