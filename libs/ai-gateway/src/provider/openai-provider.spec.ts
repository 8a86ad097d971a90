import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { FakeOpenAI, scenarios, type Scenario } from '../../../../test/support/fake-openai';
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

  describe('failures', () => {
    it.each<[string, Scenario, string, 'retryable' | 'permanent']>([
      ['401', scenarios.error(401), 'UPSTREAM.UNAUTHORIZED', 'permanent'],
      ['403', scenarios.error(403), 'UPSTREAM.FORBIDDEN', 'permanent'],
      ['404 with model_not_found', scenarios.error(404), 'UPSTREAM.MODEL_NOT_FOUND', 'permanent'],
      [
        '404 of another kind',
        scenarios.error(404, { code: null, message: 'Invalid URL' }),
        'UPSTREAM.NOT_FOUND',
        'permanent',
      ],
      ['429', scenarios.rateLimited(), 'UPSTREAM.RATE_LIMITED', 'retryable'],
      ['429 with insufficient_quota', scenarios.quotaExhausted(), 'UPSTREAM.QUOTA_EXHAUSTED', 'permanent'],
      ['500', scenarios.error(500), 'UPSTREAM.SERVER_ERROR', 'retryable'],
      [
        '502 with an HTML page',
        scenarios.error(502, { rawBody: '<html>bad</html>', contentType: 'text/html' }),
        'UPSTREAM.SERVER_ERROR',
        'retryable',
      ],
      ['503', scenarios.error(503), 'UPSTREAM.OVERLOADED', 'retryable'],
      ['400', scenarios.error(400), 'UPSTREAM.BAD_REQUEST', 'permanent'],
      ['400 with context_length_exceeded', scenarios.contextTooLong(), 'UPSTREAM.CONTEXT_TOO_LONG', 'permanent'],
      [
        '400 with conversation_locked',
        scenarios.error(400, { code: 'conversation_locked' }),
        'UPSTREAM.CONVERSATION_LOCKED',
        'retryable',
      ],
      ['an empty answer', scenarios.empty(), 'UPSTREAM.EMPTY_ANSWER', 'retryable'],
      ['an answer of white space', { type: 'reply', pieces: [' \n'] }, 'UPSTREAM.EMPTY_ANSWER', 'retryable'],
      [
        'no text before the token limit',
        { type: 'reply', pieces: [], finish: 'length' },
        'UPSTREAM.EMPTY_ANSWER',
        'permanent',
      ],
      [
        'a filtered answer',
        { type: 'reply', text: 'half', finish: 'content_filter' },
        'UPSTREAM.CONTENT_FILTERED',
        'permanent',
      ],
      [
        'an HTML page with status 200',
        { type: 'raw', contentType: 'text/html', body: '<html>' },
        'UPSTREAM.BAD_ANSWER',
        'retryable',
      ],
      [
        'an event that is no JSON',
        { type: 'raw', contentType: 'text/event-stream', body: 'data: {"a"\n\ndata: x\n\n' },
        'UPSTREAM.BAD_ANSWER',
        'retryable',
      ],
      ['an empty body', { type: 'raw', contentType: 'text/event-stream', body: '' }, 'UPSTREAM.CUT', 'retryable'],
      ['a reset before the headers', { type: 'reset-before-headers' }, 'UPSTREAM.CUT', 'retryable'],
      ['an error inside the stream', scenarios.streamError(0), 'UPSTREAM.SERVER_ERROR', 'retryable'],
      [
        'a rate limit inside the stream',
        scenarios.streamError(0, 'rate_limit_exceeded'),
        'UPSTREAM.RATE_LIMITED',
        'retryable',
      ],
      [
        'a used-up quota inside the stream',
        scenarios.streamError(0, 'insufficient_quota'),
        'UPSTREAM.QUOTA_EXHAUSTED',
        'permanent',
      ],
      ['response.failed', scenarios.failed('server_error'), 'UPSTREAM.SERVER_ERROR', 'retryable'],
    ])('takes %s for %s, with one request only', async (_name, scenario, code, kind) => {
      fake.next(scenario);
      const { error, result } = await call(provider());
      expect(result).toBeNull();
      expect(error).toMatchObject({ code, kind });
      expect(fake.requests).toHaveLength(1);
      expect(JSON.stringify(error) + String(error) + error?.logDetail).not.toContain(API_KEY);
      expect(error?.message).toBe(`The model call failed: ${code}`);
    });

    it.each([
      ['ends without a terminal event', scenarios.cut(2), 'UPSTREAM.CUT'],
      ['is reset', scenarios.reset(2), 'UPSTREAM.CUT'],
      ['carries an error after text', scenarios.streamError(2), 'UPSTREAM.SERVER_ERROR'],
      ['fails after text', scenarios.failed('server_error', 2), 'UPSTREAM.SERVER_ERROR'],
    ] as [string, Scenario, string][])(
      'never takes partial text for an answer when the stream %s',
      async (_name, scenario, code) => {
        fake.next(scenario);
        const { error, deltas } = await call(provider());
        expect(error).toMatchObject({ code, partialText: 'piece1 piece2 ', usage: null });
        expect(error?.firstTokenMs).not.toBeNull();
        expect(deltas.join('')).toBe('piece1 piece2 ');
      },
    );

    it('honours Retry-After in seconds (also above a minute) and as an HTTP date', async () => {
      fake.next(
        scenarios.rateLimited(90),
        scenarios.rateLimited(new Date(Date.now() + 120_000).toUTCString()),
        scenarios.error(503, { headers: { 'retry-after-ms': '250' } }),
      );
      const target = provider();
      expect((await call(target)).error?.retryAfterMs).toBe(90_000);
      const byDate = (await call(target)).error?.retryAfterMs;
      expect(byDate).toBeGreaterThan(110_000);
      expect(byDate).toBeLessThanOrEqual(120_000);
      expect((await call(target)).error?.retryAfterMs).toBe(250);
    });

    it('takes a refused connection for UNREACHABLE', async () => {
      const socket = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => socket.once('listening', resolve));
      const { port } = socket.address() as AddressInfo;
      await new Promise((resolve) => socket.close(resolve));
      const { error } = await call(provider({ baseUrl: `http://127.0.0.1:${port}/v1` }));
      expect(error).toMatchObject({ code: 'UPSTREAM.UNREACHABLE', kind: 'retryable', httpStatus: null });
      expect(error?.logDetail).toContain('ECONNREFUSED');
    });

    it('keeps the usage of an attempt that failed', async () => {
      if (api === 'chat') return;
      fake.next({ type: 'failed', afterPieces: 1, usage: { input: 12, output: 3 } });
      expect((await call(provider())).error?.usage).toMatchObject({
        inputTokens: 12,
        outputTokens: 3,
        totalTokens: 15,
      });
    });
  });

  describe('silence', () => {
    it.each<[string, Scenario]>([
      ['before the headers', scenarios.hang('headers')],
      ['before the first piece', scenarios.hang('stream')],
      ['in the middle', scenarios.hang('stream', 2)],
      ['with nothing but keep-alive comments', scenarios.keepAliveOnly(20)],
    ])(
      'is STALLED %s after the content idle timeout, and the upstream request is cancelled',
      async (_name, scenario) => {
        fake.next(scenario);
        const { error } = await call(provider({ contentIdleTimeoutMs: 150 }));
        expect(error).toMatchObject({ code: 'UPSTREAM.STALLED', kind: 'retryable' });
        expect(error?.totalMs).toBeGreaterThanOrEqual(145);
        await fake.waitUntilIdle();
        expect(fake.requests[0]?.outcome).toBe('aborted');
      },
    );

    it('is none while content keeps coming, however long the whole takes', async () => {
      fake.next({ type: 'reply', tokens: 10, tokenDelayMs: 40 });
      const { result } = await call(provider({ contentIdleTimeoutMs: 200 }));
      expect(result?.text).toMatch(/^word1 .* word10 $/);
      expect(result?.totalMs).toBeGreaterThan(300);
    });

    it('is none while the model reasons', async () => {
      fake.next({ type: 'reply', text: 'thought through', reasoningEvents: 10, tokenDelayMs: 40 });
      expect((await call(provider({ contentIdleTimeoutMs: 200 }))).result?.text).toBe('thought through');
    });

    it('ends in TIMEOUT when the whole takes too long, content or not', async () => {
      fake.next({ type: 'reply', tokens: 1_000, tokenDelayMs: 20 });
      const { error } = await call(provider({ totalTimeoutMs: 200 }));
      expect(error?.code).toBe('UPSTREAM.TIMEOUT');
      expect(error?.partialText).toMatch(/^word1 /);
    });
  });

  describe('cancelling', () => {
    it('ends the upstream request at once and keeps the text so far', async () => {
      fake.next({ type: 'reply', tokens: 1_000, tokenDelayMs: 20 });
      const controller = new AbortController();
      const target = provider();
      const heard = target.complete(aRequest(), { signal: controller.signal, onDelta: () => controller.abort() });
      await expect(heard).rejects.toMatchObject({
        code: 'UPSTREAM.CANCELLED',
        partialText: expect.stringMatching(/^word1 /) as string,
      });
      await fake.waitUntilIdle();
      expect(fake.requests[0]?.outcome).toBe('aborted');
      expect(fake.requests[0]?.pieces).toBeLessThan(20);
    });

    it('works before the headers too', async () => {
      fake.next(scenarios.hang('headers'));
      const controller = new AbortController();
      const heard = call(provider(), aRequest(), controller.signal);
      await fake.waitForRequests(1);
      controller.abort();
      expect((await heard).error?.code).toBe('UPSTREAM.CANCELLED');
    });

    it('sends nothing when it was cancelled beforehand', async () => {
      expect((await call(provider(), aRequest(), AbortSignal.abort())).error?.code).toBe('UPSTREAM.CANCELLED');
      expect(fake.requests).toHaveLength(0);
    });

    it('passes on an error of the caller unchanged and cancels the request', async () => {
      fake.next({ type: 'reply', tokens: 1_000, tokenDelayMs: 20 });
      const mine = new Error('disk full');
      const heard = provider().complete(aRequest(), {
        signal: new AbortController().signal,
        onDelta: () => {
          throw mine;
        },
      });
      await expect(heard).rejects.toBe(mine);
      await fake.waitUntilIdle();
      expect(fake.requests[0]?.outcome).toBe('aborted');
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

  describe('a server that refuses an optional field', () => {
    it('gets the same attempt once more without it, counted as a request of its own, and is asked right from then on', async () => {
      fake.always(scenarios.unsupportedParam('temperature'));
      const target = provider();
      const request = aRequest({ model: 'gpt-4.1', temperature: 0.5 });
      const first = await call(target, request);
      expect(first.result?.text).toBe('You said: hello there');
      expect(first.extraRequests).toMatchObject([
        { code: 'UPSTREAM.BAD_REQUEST', refusedField: 'temperature', httpStatus: 400 },
      ]);
      const second = await call(target, request);
      expect(second.extraRequests).toHaveLength(0);
      expect(fake.requests.map(({ status }) => status)).toEqual([400, 200, 200]);
    });

    it('is remembered by model', async () => {
      fake.always(scenarios.unsupportedParam('temperature'));
      const target = provider();
      await call(target, aRequest({ model: 'gpt-4.1', temperature: 0.5 }));
      const other = await call(target, aRequest({ model: 'gpt-4o', temperature: 0.5 }));
      expect(other.extraRequests).toHaveLength(1);
    });

    it('may refuse several, one after the other', async () => {
      const [a, b] = api === 'chat' ? ['store', 'stream_options'] : ['store', 'temperature'];
      fake.next(scenarios.unsupportedParam(a), scenarios.unsupportedParam(b));
      const { result, extraRequests } = await call(provider(), aRequest({ model: 'gpt-4.1', temperature: 1 }));
      expect(result?.text).toBe('You said: hello there');
      expect(extraRequests.map(({ refusedField }) => refusedField)).toEqual([a, b]);
    });

    it('may say so in words only', async () => {
      const message = "Unknown parameter: 'store'.";
      fake.next(scenarios.error(400, { param: null, code: null, message }));
      await call(provider());
      expect(fake.requests.map(({ body }) => 'store' in body)).toEqual([true, false]);
    });

    it('does not hide a wrong value: that stays an error', async () => {
      const { error } = await call(provider(), aRequest({ temperature: 3 }));
      expect(error).toMatchObject({ code: 'UPSTREAM.BAD_REQUEST', upstreamCode: 'decimal_above_max_value' });
      expect(fake.requests).toHaveLength(1);
    });

    it('fails with BAD_REQUEST when it goes on refusing', async () => {
      fake.always(scenarios.error(400, { param: 'store', code: 'unsupported_parameter' }));
      const { error } = await call(provider());
      expect(error?.code).toBe('UPSTREAM.BAD_REQUEST');
      expect(fake.requests).toHaveLength(2);
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
