import { FakeOpenAI, scenarios, type Scenario } from '../../../../test/support/fake-openai';
import { aProvider, aRequest, call } from './provider.spec-support';

const fake = new FakeOpenAI();
beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(() => fake.reset());

describe.each(['responses', 'chat'] as const)('the OpenAI provider on the %s API', (api) => {
  const provider = (change = {}) => aProvider(fake, { api, ...change });

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
        const { error } = await call(provider({ contentIdleTimeoutMs: 500 }));
        expect(error).toMatchObject({ code: 'UPSTREAM.STALLED', kind: 'retryable' });
        // Timers keep to the event loop's clock, which may be some milliseconds behind.
        expect(error?.totalMs).toBeGreaterThan(100);
        await fake.waitUntilIdle();
        expect(fake.requests[0]?.outcome).toBe('aborted');
      },
    );

    it('is none while content keeps coming, however long the whole takes', async () => {
      fake.next({ type: 'reply', tokens: 10, tokenDelayMs: 200 });
      const { result } = await call(provider({ contentIdleTimeoutMs: 1500 }));
      expect(result?.text).toMatch(/^word1 .* word10 $/);
      expect(result?.totalMs).toBeGreaterThan(1500);
    });

    it('is none while the model reasons', async () => {
      fake.next({ type: 'reply', text: 'thought through', reasoningEvents: 10, tokenDelayMs: 200 });
      expect((await call(provider({ contentIdleTimeoutMs: 1500 }))).result?.text).toBe('thought through');
    });

    it('ends in TIMEOUT when the whole takes too long, content or not', async () => {
      fake.next({ type: 'reply', tokens: 1_000, tokenDelayMs: 20 });
      const { error } = await call(provider({ totalTimeoutMs: 1500 }));
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
});
