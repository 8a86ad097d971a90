import { directiveIn, parseDirective } from './directive';
import { FakeOpenAI } from './fake-openai';
import { FakeOpenAIProcess } from './fake-openai-process';
import { scenarios } from './scenario';

const post = (baseUrl: string, path: string, body: unknown, key = 'sk-x'): Promise<Response> =>
  fetch(`${baseUrl}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const ask = (baseUrl: string, content: string): Promise<Response> =>
  post(baseUrl, '/responses', { model: 'gpt-6-luna', input: [{ role: 'user', content }] });

describe('FakeOpenAI', () => {
  const fake = new FakeOpenAI();
  beforeAll(() => fake.start());
  afterAll(() => fake.stop());
  beforeEach(() => fake.reset());

  it('echoes the last user message, not streamed too', async () => {
    const answer = (await (await ask(fake.baseUrl, 'hi')).json()) as { output: { content: { text: string }[] }[] };
    expect(answer.output[0]?.content[0]?.text).toBe('You said: hi');
    expect(fake.requests[0]).toMatchObject({
      isStream: false,
      outcome: 'completed',
      usage: { total: expect.any(Number) as number },
    });
  });

  it('answers by directive before queue, by queue before the standing scenario', async () => {
    fake.always(scenarios.error(500)).next(scenarios.error(503));
    const statuses = [];
    for (const message of ['[[fake:401]]', 'a', 'b']) statuses.push((await ask(fake.baseUrl, message)).status);
    expect(statuses).toEqual([401, 503, 500]);
  });

  it('applies a directive with `times` to that many requests of the same message', async () => {
    const statuses = [];
    for (let index = 0; index < 3; index++) {
      statuses.push((await ask(fake.baseUrl, 'x [[fake:429 retry-after=2 times=2]]')).status);
    }
    expect(statuses).toEqual([429, 429, 200]);
  });

  it('refuses what OpenAI refuses', async () => {
    const refused = async (body: object, path = '/responses'): Promise<unknown> =>
      (
        (await (await post(fake.baseUrl, path, { model: 'gpt-6-luna', ...body })).json()) as {
          error: { param: string };
        }
      ).error.param;
    const messages = [{ role: 'user', content: 'x' }];
    expect(await refused({ input: 'x', colour: 1 })).toBe('colour');
    expect(await refused({ input: [] })).toBe('input');
    expect(await refused({ input: 'x', temperature: 1 })).toBe('temperature');
    expect(await refused({ messages, max_tokens: 1 }, '/chat/completions')).toBe('max_tokens');
    expect((await fetch(`${fake.baseUrl}/models`)).status).toBe(401);
  });
});

describe('directives', () => {
  it('reads status, header and times', () => {
    expect(directiveIn('say [[fake:429 retry-after=2 times=1]] please')).toMatchObject({
      times: 1,
      scenario: { type: 'error', status: 429, headers: { 'retry-after': '2' } },
    });
    expect(directiveIn('nothing')).toBeNull();
  });

  it('does not take a typo for a plain reply', () => {
    expect(() => parseDirective('hnag')).toThrow('knows no scenario "hnag"');
  });
});

describe('the fake as a process of its own', () => {
  it('is scripted and read over HTTP', async () => {
    const fake = await FakeOpenAIProcess.start();
    try {
      await fake.next(scenarios.error(503), '429 retry-after=2');
      await fake.always(scenarios.reply('always'));
      const answers = [];
      for (let index = 0; index < 3; index++) answers.push(await ask(fake.baseUrl, 'x'));
      expect(answers.map(({ status }) => status)).toEqual([503, 429, 200]);
      expect(await answers[2]?.text()).toContain('always');
      expect((await fake.requests()).map(({ status, apiKey }) => [status, apiKey])).toEqual([
        [503, 'sk-x'],
        [429, 'sk-x'],
        [200, 'sk-x'],
      ]);
      await fake.reset();
      expect(await fake.requests()).toEqual([]);
      await expect(fake.next('hnag')).rejects.toThrow('knows no scenario');
    } finally {
      await fake.stop();
    }
  });
});
