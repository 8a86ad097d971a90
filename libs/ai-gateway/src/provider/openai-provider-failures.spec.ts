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
});
