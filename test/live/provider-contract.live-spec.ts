import { createProvider } from '../../libs/ai-gateway/src/provider';
import { LIMITS, useFakeUpstream } from './fake-upstream';
import { describeProviderContract } from './provider-contract';

const OFFICIAL = 'https://api.openai.com/v1';
const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl = OFFICIAL, OPENAI_MODEL: model = 'gpt-6-luna' } = process.env;

jest.setTimeout(90_000);

if (apiKey) {
  describeProviderContract(`OpenAI at ${baseUrl} with ${model}`, () => ({
    model,
    missingModel: 'model-that-does-not-exist',
    provider: (change = {}) =>
      createProvider({
        ...LIMITS,
        apiKey,
        baseUrl,
        provider: baseUrl === OFFICIAL ? 'openai' : 'compatible',
        ...change,
      }),
  }));
} else {
  process.stderr.write('OPENAI_API_KEY is not set: the provider contract runs against the fake OpenAI server only.\n');
  describeProviderContract('Fake OpenAI (no OPENAI_API_KEY)', useFakeUpstream(createProvider));
}
