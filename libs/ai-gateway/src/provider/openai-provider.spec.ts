import { FakeOpenAI, scenarios } from '../../../../test/support/fake-openai';
import { API_KEY, aProvider, aRequest, call } from './provider.spec-support';

const fake = new FakeOpenAI();
beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(() => fake.reset());

describe.each(['responses', 'chat'] as const)('the OpenAI provider on the %s API', (api) => {
  const provider = (change = {}) => aProvider(fake, { api, ...change });

  describe('answers', () => {
    it('delivers the text in pieces whose concatenation is the result, with model, usage, id and times', async () => {
      fake.next({
        type: 'reply',
        text: 'Good morning to you',
        tokenDelayMs: 5,
        usage: { input: 40, cached: 30, cacheWrite: 5, output: 9, reasoning: 2 },
      });
      const { result, deltas } = await call(provider());
      expect(deltas.length).toBeGreaterThan(1);
      expect(deltas.join('')).toBe('Good morning to you');
      expect(result).toMatchObject({
        text: 'Good morning to you',
        model: 'gpt-6-luna',
        finish: 'stop',
        upstreamId: expect.stringMatching(/^(resp_|chatcmpl-)/) as string,
        usage: {
          inputTokens: 40,
          cachedTokens: 30,
          cacheWriteTokens: 5,
          outputTokens: 9,
          reasoningTokens: 2,
          totalTokens: 49,
        },
      });
      expect(result?.firstTokenMs).toBeLessThanOrEqual(result?.totalMs ?? -1);
    });

    it('reports missing usage as unknown, never as 0', async () => {
      fake.next(scenarios.withoutUsage());
      const { result } = await call(provider());
      expect(Object.values(result?.usage ?? {})).toEqual([null, null, null, null, null, null]);
    });

    it('names the model that answered, which may differ from the one asked for', async () => {
      fake.next({ type: 'reply', model: 'gpt-6-luna-2026-10-01' });
      expect((await call(provider())).result?.model).toBe('gpt-6-luna-2026-10-01');
    });

    it('takes an answer cut at the token limit for a reply', async () => {
      fake.next(scenarios.incomplete('cut he'));
      expect((await call(provider())).result).toMatchObject({ text: 'cut he', finish: 'max_tokens' });
    });

    it('delivers a refusal as the reply', async () => {
      fake.next(scenarios.refusal("I can't help with that."));
      const { result, deltas } = await call(provider());
      expect(result).toMatchObject({ text: "I can't help with that.", finish: 'refusal' });
      expect(deltas.join('')).toBe(result?.text);
    });

    it('ignores event types it does not know', async () => {
      fake.next({ type: 'reply', text: 'still fine', unknownEvents: true });
      expect((await call(provider())).result?.text).toBe('still fine');
    });

    it('puts characters together that two deltas cut in half, and drops NUL', async () => {
      fake.next({ type: 'reply', text: 'x', pieces: ['a\ud83d', '\ude00b\u0000', '\ud83d'], tokenDelayMs: 5 });
      const { result, deltas } = await call(provider());
      expect(result?.text).toBe('a😀b\ufffd');
      expect(deltas.join('')).toBe(result?.text);
    });

    it('takes a whole JSON answer from a server that ignores `stream`', async () => {
      const body =
        api === 'chat'
          ? {
              id: 'c1',
              model: 'm',
              choices: [{ message: { role: 'assistant', content: 'whole' } }],
              usage: { prompt_tokens: 3, completion_tokens: 1 },
            }
          : {
              id: 'r1',
              model: 'm',
              status: 'completed',
              output: [{ type: 'message', content: [{ type: 'output_text', text: 'whole' }] }],
              usage: { input_tokens: 3, output_tokens: 1 },
            };
      fake.next({ type: 'raw', contentType: 'application/json; charset=utf-8', body: JSON.stringify(body) });
      const { result, deltas } = await call(provider());
      expect(result).toMatchObject({ text: 'whole', usage: { totalTokens: 4, cachedTokens: null } });
      expect(deltas).toEqual(['whole']);
    });

    it('uses one connection for calls that follow each other', async () => {
      const target = provider();
      const answers = [];
      for (let index = 0; index < 3; index++) answers.push((await call(target)).result?.text);
      expect(answers).toEqual(['You said: hello there', 'You said: hello there', 'You said: hello there']);
      await fake.waitUntilIdle();
      expect(fake.requests.map(({ outcome }) => outcome)).toEqual(['completed', 'completed', 'completed']);
    });
  });

  describe('requests', () => {
    it('sends key and correlation id as headers', async () => {
      await call(provider(), aRequest({ correlationId: 'turn-7 ü\n' }));
      expect(fake.requests[0]).toMatchObject({ apiKey: API_KEY, headers: { 'x-client-request-id': 'turn-7' } });
    });

    it('leaves out what is not set', async () => {
      await call(provider(), aRequest());
      const { body } = fake.requests[0]!;
      for (const field of [
        'temperature',
        'reasoning',
        'reasoning_effort',
        'max_tokens',
        'max_output_tokens',
        'prompt',
        'safety_identifier',
      ]) {
        expect(body).not.toHaveProperty(field);
      }
    });

    it('sends the prompt cache key to the official OpenAI only, and null suppresses the stored prompt that of the settings', async () => {
      const request = aRequest({ promptCacheKey: 'b'.repeat(70), prompt: null });
      await call(aProvider(fake, { api, promptId: 'pmpt_settings' }), request);
      await call(aProvider(fake, { api, provider: 'compatible' }), request);
      expect(fake.requests.map(({ body }) => body.prompt_cache_key)).toEqual(['b'.repeat(64), undefined]);
      expect(fake.requests.map(({ body }) => body.prompt)).toEqual([undefined, undefined]);
    });

    it('sends the safety identifier to the official OpenAI only', async () => {
      const request = aRequest({ safetyIdentifier: 'a'.repeat(64) });
      await call(provider(), request);
      await call(provider({ provider: 'compatible' }), request);
      expect(fake.requests.map(({ body }) => body.safety_identifier)).toEqual(['a'.repeat(64), undefined]);
    });

    it('switches reasoning off for the models that otherwise refuse a temperature', async () => {
      const models = ['gpt-6-luna', 'gpt-6.1-sol', 'gpt-5.6-luna', 'gpt-4.1', 'gpt-60-x'];
      for (const model of models) await call(provider(), aRequest({ model, temperature: 0.7 }));
      const effort = fake.requests.map(
        ({ body }) => body.reasoning_effort ?? (body.reasoning as { effort?: string })?.effort,
      );
      expect(effort).toEqual(['none', 'none', 'none', undefined, undefined]);
      expect(fake.requests.every(({ status }) => status === 200)).toBe(true);
    });
  });

  describe('check', () => {
    it('is ok when the upstream lists its models', async () => {
      expect(await provider().check()).toEqual({ ok: true, code: null });
    });

    it.each([
      [401, 'UPSTREAM.UNAUTHORIZED'],
      [503, 'UPSTREAM.OVERLOADED'],
    ])('says why it is not, for %s', async (status, code) => {
      fake.always(scenarios.error(status));
      expect(await provider().check()).toEqual({ ok: false, code });
    });

    it('says so when nobody listens', async () => {
      expect(await provider({ baseUrl: 'http://127.0.0.1:9/v1' }).check()).toEqual({
        ok: false,
        code: 'UPSTREAM.UNREACHABLE',
      });
    });
  });

  it('describes itself without secrets', () => {
    expect(provider({ baseUrl: 'http://user:pass@127.0.0.1:1/v1' }).info).toEqual({
      provider: 'openai',
      base_url: 'http://127.0.0.1:1/v1',
      model: 'gpt-6-luna',
      api,
    });
  });
});
