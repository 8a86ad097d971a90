import { FakeOpenAI, scenarios } from '../../../../test/support/fake-openai';
import { createProvider, SimulatorServer } from '../provider';
import { API_KEY, aProvider, aRequest, call, type Heard } from '../provider/provider.spec-support';
import { VERDICT_LINE_INSTRUCTIONS, VERDICT_SCHEMA } from './verdict';
import { VerdictProvider } from './verdict-provider';

describe.each(['responses', 'chat'] as const)('a model that judges its reply (%s)', (api) => {
  const upstream = new FakeOpenAI({ keys: [API_KEY] });
  let provider: VerdictProvider;

  beforeAll(() => upstream.start());
  afterAll(() => upstream.stop());
  beforeEach(() => {
    upstream.reset();
    provider = new VerdictProvider(aProvider(upstream, { api }));
  });

  const ask = (change = {}): Promise<Heard> => call(provider, aRequest({ wantsVerdict: true, ...change }));
  const formatOf = (index: number): unknown => {
    const { body } = upstream.requests[index]!;
    return api === 'responses' ? (body.text as { format?: unknown } | undefined)?.format : body.response_format;
  };
  const withLine = (index: number): boolean =>
    JSON.stringify(upstream.requests[index]!.body).includes(JSON.stringify(VERDICT_LINE_INSTRUCTIONS).slice(1, -1));

  it('answers in a strict schema, of which the caller sees the reply alone as it grows, and the verdict', async () => {
    upstream.next(
      scenarios.reply('Sure: "yes",\nof course. 😀', { confidence: 0.75, needsHuman: true, tokenDelayMs: 15 }),
    );
    const { result, deltas, extraRequests } = await ask();
    expect(result).toMatchObject({
      text: 'Sure: "yes",\nof course. 😀',
      finish: 'stop',
      verdict: { confidence: 0.75, needsHuman: true },
    });
    expect(deltas.join('')).toBe(result!.text);
    expect(deltas.length).toBeGreaterThan(2);
    expect(extraRequests).toEqual([]);
    expect(formatOf(0)).toEqual(
      api === 'responses'
        ? { type: 'json_schema', ...VERDICT_SCHEMA }
        : { type: 'json_schema', json_schema: VERDICT_SCHEMA },
    );
  });

  it('is sent exactly what it was sent before when nobody asks for a verdict', async () => {
    await call(provider, aRequest());
    await call(aProvider(upstream, { api }), aRequest());
    expect(upstream.requests[0]!.body).toEqual(upstream.requests[1]!.body);
  });

  it('is asked for a last line when its server refuses the schema, once for all', async () => {
    const param = api === 'responses' ? 'text.format' : 'response_format';
    upstream.next(
      { type: 'refuse-param', param },
      scenarios.reply('Hello you.', { confidence: 0.25, needsHuman: true }),
    );
    const first = await ask();
    expect(first.result).toMatchObject({ text: 'Hello you.', verdict: { confidence: 0.25, needsHuman: true } });
    expect(first.deltas.join('')).toBe('Hello you.');
    // The ledger counts both.
    expect(first.extraRequests.map(({ code }) => code)).toEqual(['UPSTREAM.RESPONSE_FORMAT_REFUSED']);
    const second = await ask();
    expect(second.extraRequests).toEqual([]);
    expect(second.result!.verdict).toEqual({ confidence: 0.9, needsHuman: false });
    expect([formatOf(0), formatOf(1), formatOf(2)]).toEqual([expect.anything(), undefined, undefined]);
    expect([withLine(0), withLine(1), withLine(2)]).toEqual([false, true, true]);
    // Another model may be another server.
    await ask({ model: 'gpt-6-sol' });
    expect(formatOf(3)).toBeDefined();
  });

  it('is asked for a last line after it has answered without the schema; without that, how sure it is stays unknown', async () => {
    upstream.always(scenarios.reply('Plain words.', { isUnstructured: true }));
    for (const isLine of [false, true]) {
      const { result, deltas } = await ask();
      expect(result).toMatchObject({ text: 'Plain words.', verdict: { confidence: null, needsHuman: false } });
      expect(deltas.join('')).toBe('Plain words.');
      expect(withLine(upstream.requests.length - 1)).toBe(isLine);
    }
  });

  it('keeps the text of an answer that was cut, without a verdict', async () => {
    upstream.next(scenarios.incomplete('This answer is cut'));
    const { result, deltas } = await ask();
    expect(result).toMatchObject({
      text: 'This answer is cut',
      finish: 'max_tokens',
      verdict: { confidence: null, needsHuman: false },
    });
    expect(deltas.join('')).toBe('This answer is cut');
  });

  it('a reply that was whole when the verdict was cut is whole', async () => {
    const pieces = ['{"reply":"All of it.","conf'];
    upstream.next({ type: 'reply', pieces, finish: 'length', isUnstructured: true });
    expect((await ask()).result).toMatchObject({ text: 'All of it.', finish: 'stop', verdict: { confidence: null } });
  });

  it('an answer with a verdict and no reply is no answer', async () => {
    upstream.next({
      type: 'reply',
      pieces: ['{"reply":"","confidence":0.1,"needs_human":true}'],
      isUnstructured: true,
    });
    const { error, deltas } = await ask();
    expect(error).toMatchObject({ code: 'UPSTREAM.EMPTY_ANSWER', kind: 'retryable', partialText: '' });
    expect(error!.usage?.totalTokens).toBeGreaterThan(0);
    expect(deltas).toEqual([]);
  });

  it('a refusal is shown as it is, and says nothing about the server', async () => {
    upstream.next(scenarios.refusal('I cannot help with that.'));
    expect((await ask()).result).toMatchObject({
      text: 'I cannot help with that.',
      finish: 'refusal',
      verdict: { confidence: null },
    });
    await ask();
    expect(formatOf(1)).toBeDefined();
  });

  it('what failed half-way was shown without JSON', async () => {
    upstream.next(scenarios.cut(2));
    const { error, deltas } = await ask();
    expect(error).toMatchObject({ code: 'UPSTREAM.CUT', partialText: 'piece1 piece2 ' });
    expect(deltas.join('')).toBe('piece1 piece2 ');
  });

  it('what else a server refuses fails as it did', async () => {
    upstream.next(scenarios.contextTooLong());
    expect((await ask()).error).toMatchObject({ code: 'UPSTREAM.CONTEXT_TOO_LONG' });
    expect(upstream.requests).toHaveLength(1);
  });

  it('the simulator judges itself', async () => {
    const simulator = new SimulatorServer();
    const { baseUrl } = await simulator.start();
    try {
      const options = {
        apiKey: 'k',
        baseUrl,
        api,
        defaultModel: 'm',
        contentIdleTimeoutMs: 5_000,
        totalTimeoutMs: 5_000,
      };
      const simulated = new VerdictProvider(createProvider({ ...options, provider: 'simulator' }));
      const say = async (content: string, maxOutputTokens?: number): Promise<Heard> =>
        call(simulated, aRequest({ wantsVerdict: true, maxOutputTokens, input: [{ role: 'user', content }] }));
      const { result, deltas } = await say('I want to talk to a human "now".');
      expect(result).toMatchObject({ verdict: { confidence: 0.3, needsHuman: true } });
      expect(result!.text).toContain('You wrote "I want to talk to a human "now"."');
      expect(deltas.join('')).toBe(result!.text);
      expect((await say('Hi there')).result!.verdict).toEqual({ confidence: 0.9, needsHuman: false });
      expect((await say('Hi there', 5)).result).toMatchObject({ finish: 'max_tokens', verdict: { confidence: null } });
    } finally {
      await simulator.stop();
    }
  });
});

describe('citations of a reply with a verdict', () => {
  const upstream = new FakeOpenAI({ keys: [API_KEY] });
  beforeAll(() => upstream.start());
  afterAll(() => upstream.stop());

  it('name their places in the reply, not in the JSON', async () => {
    const reply = 'He said "open" today [1].';
    const written = JSON.stringify({ reply, confidence: 0.9, needs_human: false });
    const [start, end] = [written.indexOf('[1]'), written.indexOf('[1]') + 3];
    upstream.next({
      type: 'reply',
      pieces: [written],
      isUnstructured: true,
      annotations: [
        { type: 'url_citation', url: 'https://example.com/', title: 'x', start_index: start, end_index: end },
      ],
    });
    const { result } = await call(new VerdictProvider(aProvider(upstream)), aRequest({ wantsVerdict: true }));
    const [citation] = result!.citations;
    expect(reply.slice(citation!.start_index, citation!.end_index)).toBe('[1]');
  });
});
