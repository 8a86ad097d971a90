import type { CompletionProvider, ProviderOptions } from '../../libs/ai-gateway/src/provider';
import { FakeOpenAI } from '../support/fake-openai';
import type { ContractUpstream } from './provider-contract';

const KEY = 'sk-fake-key-that-is-right';

/**
 * Registers a fake OpenAI for the tests of this file and returns it as an upstream of the contract.
 * @param createProvider handed in, so that a unit test of the provider need not load the whole library
 */
export function useFakeUpstream(
  createProvider: (options: ProviderOptions) => CompletionProvider,
): () => ContractUpstream {
  const fake = new FakeOpenAI({ keys: [KEY] });
  beforeAll(async () => {
    await fake.start();
    // As fast as a real model at most: an answer in one piece could not be cancelled on its way.
    fake.always({ type: 'reply', tokenDelayMs: 2 });
  });
  afterAll(() => fake.stop());
  return () => ({
    model: 'gpt-6-luna',
    missingModel: 'model-that-does-not-exist',
    provider: (change = {}) =>
      createProvider({ ...LIMITS, apiKey: KEY, baseUrl: fake.baseUrl, provider: 'openai', ...change }),
  });
}

export const LIMITS: Pick<ProviderOptions, 'api' | 'defaultModel' | 'contentIdleTimeoutMs' | 'totalTimeoutMs'> = {
  api: 'responses',
  defaultModel: 'gpt-6-luna',
  contentIdleTimeoutMs: 30_000,
  totalTimeoutMs: 60_000,
};
