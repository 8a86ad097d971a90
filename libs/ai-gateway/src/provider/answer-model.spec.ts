import { FakeOpenAI } from '../../../../test/support/fake-openai';
import { aProvider, aRequest, call } from './provider.spec-support';

const fake = new FakeOpenAI();
beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(() => fake.reset());

describe.each(['responses', 'chat'] as const)('the model of an answer (%s API)', (api) => {
  const modelOf = async (model: string): Promise<string | undefined> => {
    fake.next({ type: 'reply', model });
    return (await call(aProvider(fake, { api }), aRequest())).result?.model;
  };

  it('is the name that the upstream gives, as it can be stored, and the one asked for where it gives none', async () => {
    expect(await modelOf('gpt-6-luna-2026-05-12')).toBe('gpt-6-luna-2026-05-12');
    expect(await modelOf('llama\0-4')).toBe('llama-4');
    expect(await modelOf('')).toBe('gpt-6-luna');
  });
});
