import { FakeOpenAI, scenarios } from '../../../../test/support/fake-openai';
import { aProvider, aRequest, call } from './provider.spec-support';

const fake = new FakeOpenAI();
beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(() => fake.reset());

describe('the Responses API', () => {
  it('gets instructions, input in order, limits, and is told to store nothing', async () => {
    await call(
      aProvider(fake),
      aRequest({
        input: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: 'b' },
          { role: 'user', content: 'c' },
        ],
        maxOutputTokens: 99,
        temperature: 0.2,
      }),
    );
    expect(fake.requests[0]).toMatchObject({
      path: '/v1/responses',
      body: {
        model: 'gpt-6-luna',
        instructions: 'Be kind.',
        input: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: 'b' },
          { role: 'user', content: 'c' },
        ],
        stream: true,
        store: false,
        max_output_tokens: 99,
        temperature: 0.2,
        reasoning: { effort: 'none' },
      },
    });
  });

  it('gets the stored prompt of the request, else that of the settings', async () => {
    const provider = aProvider(fake, { promptId: 'pmpt_settings' });
    await call(provider);
    await call(provider, aRequest({ prompt: { id: 'pmpt_request' } }));
    expect(fake.requests.map(({ body }) => body.prompt)).toEqual([{ id: 'pmpt_settings' }, { id: 'pmpt_request' }]);
  });

  it('has a code of its own for a refused stored prompt, and never tries without it', async () => {
    fake.next(scenarios.error(404, { code: null, param: null, message: "Prompt with id 'pmpt_1' not found." }));
    const { error } = await call(aProvider(fake), aRequest({ prompt: { id: 'pmpt_1' } }));
    expect(error).toMatchObject({ code: 'UPSTREAM.PROMPT_REFUSED', kind: 'permanent' });
    expect(fake.requests).toHaveLength(1);
  });

  it('takes the text from the terminal event when no deltas came', async () => {
    fake.next({ type: 'reply', text: 'all at once', withoutDeltas: true });
    const { result, deltas } = await call(aProvider(fake));
    expect(result?.text).toBe('all at once');
    expect(deltas).toEqual(['all at once']);
  });

  it('is done at the terminal event, however long the connection stays open', async () => {
    const event = {
      type: 'response.completed',
      response: {
        id: 'r',
        model: 'm',
        status: 'completed',
        output: [{ content: [{ type: 'output_text', text: 'done' }] }],
      },
    };
    fake.next({
      type: 'raw',
      contentType: 'text/event-stream',
      body: `data: ${JSON.stringify(event)}\n\n: ${'x'.repeat(100_000)}\n\n`,
    });
    expect((await call(aProvider(fake))).result).toMatchObject({ text: 'done', upstreamId: 'r' });
  });

  it('waits no longer than five seconds for a check', async () => {
    fake.always(scenarios.hang('headers'));
    const startedAt = performance.now();
    expect(await aProvider(fake).check()).toEqual({ ok: false, code: 'UPSTREAM.TIMEOUT' });
    expect(performance.now() - startedAt).toBeLessThan(30_000);
  });
});
