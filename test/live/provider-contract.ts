import type {
  CompletionProvider,
  CompletionRequest,
  CompletionResult,
  ProviderError,
  ProviderOptions,
} from '../../libs/ai-gateway/src/provider';

/** An upstream the contract is checked against. */
export interface ContractUpstream {
  /** A working provider. */
  provider(change?: Partial<ProviderOptions>): CompletionProvider;
  model: string;
  /** A model the upstream does not have. */
  missingModel: string;
}

const SIGNAL = new AbortController().signal;

/**
 * What any model API must do for us, in real calls. The fake passes it in the unit tests; the real OpenAI passes it in
 * `npm run test:live`: where the two differ, the fake is wrong. About seven short calls per API.
 */
export function describeProviderContract(name: string, upstream: () => ContractUpstream): void {
  describe.each(['responses', 'chat'] as const)(`${name}: provider contract on the %s API`, (api) => {
    const request = (content: string, change: Partial<CompletionRequest> = {}): CompletionRequest => ({
      model: upstream().model,
      instructions: 'You are a test. Repeat what the user says, and nothing else.',
      input: [{ role: 'user', content }],
      temperature: 0,
      maxOutputTokens: 64,
      ...change,
    });
    const complete = async (asked: CompletionRequest): Promise<{ deltas: string[]; result: CompletionResult }> => {
      const deltas: string[] = [];
      const result = await upstream()
        .provider({ api })
        .complete(asked, { signal: SIGNAL, onDelta: (text) => void deltas.push(text) });
      return { deltas, result };
    };

    it('streams an answer whose pieces make up the text, with usage that adds up', async () => {
      const { deltas, result } = await complete(request('The quick brown fox jumps over the lazy dog.'));
      expect(deltas.join('')).toBe(result.text);
      expect(result.text).toMatch(/fox/);
      expect(result.finish).toBe('stop');
      expect(result.upstreamId).toEqual(expect.any(String));
      expect(result.usage.inputTokens).toBeGreaterThan(5);
      expect(result.usage.outputTokens).toBeGreaterThan(1);
      expect(result.usage.totalTokens).toBe((result.usage.inputTokens ?? 0) + (result.usage.outputTokens ?? 0));
      expect(result.firstTokenMs).toBeLessThanOrEqual(result.totalMs);
    });

    it('accepts a conversation as history', async () => {
      const input: CompletionRequest['input'] = [
        { role: 'user', content: 'apple' },
        { role: 'assistant', content: 'apple' },
        { role: 'user', content: 'banana' },
      ];
      expect((await complete(request('', { input }))).result.text).toMatch(/banana/i);
    });

    it('accepts every field we may send, without an extra request', async () => {
      const refusals: ProviderError[] = [];
      await upstream()
        .provider({ api })
        .complete(request('hello', { safetyIdentifier: 'a'.repeat(64), correlationId: 'contract-test' }), {
          signal: SIGNAL,
          onDelta: () => undefined,
          onExtraRequest: (refusal) => void refusals.push(refusal),
        });
      expect(refusals.map(({ logDetail }) => logDetail)).toEqual([]);
    });

    it('ends with CANCELLED as soon as the signal is aborted', async () => {
      const controller = new AbortController();
      const running = upstream()
        .provider({ api })
        .complete(request('Count from 1 to 50. '.repeat(20)), {
          signal: controller.signal,
          onDelta: () => controller.abort(),
        });
      await expect(running).rejects.toMatchObject({ code: 'UPSTREAM.CANCELLED' });
    });

    it('names a bad key and a missing model', async () => {
      const hooks = { signal: SIGNAL, onDelta: () => undefined };
      const badKey = upstream().provider({ api, apiKey: 'sk-this-key-is-wrong-000000000000' });
      await expect(badKey.complete(request('x'), hooks)).rejects.toMatchObject({ code: 'UPSTREAM.UNAUTHORIZED' });
      const missing = upstream()
        .provider({ api })
        .complete(request('x', { model: upstream().missingModel }), hooks);
      await expect(missing).rejects.toMatchObject({ code: 'UPSTREAM.MODEL_NOT_FOUND', kind: 'permanent' });
    });

    it('passes the check with a good key and fails it with a bad one', async () => {
      expect(await upstream().provider({ api }).check()).toEqual({ ok: true, code: null });
      const bad = upstream().provider({ api, apiKey: 'sk-this-key-is-wrong-000000000000' });
      expect(await bad.check()).toEqual({ ok: false, code: 'UPSTREAM.UNAUTHORIZED' });
    });
  });
}
