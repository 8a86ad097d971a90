import { FakeOpenAI, type Scenario, scenarios } from '../../../../test/support/fake-openai';
import { aProvider, aRequest, call } from './provider.spec-support';

const fake = new FakeOpenAI();
beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(() => fake.reset());

describe.each(['responses', 'chat'] as const)('the service tier of an answer (%s API)', (api) => {
  const tierOf = async (scenario: object): Promise<string | null | undefined> => {
    fake.next({ type: 'reply', ...scenario });
    return (await call(aProvider(fake, { api }), aRequest())).result?.serviceTier;
  };

  it('is the one that it was served in, and null when the upstream does not say', async () => {
    expect(await tierOf({})).toBe('default');
    expect(await tierOf({ serviceTier: 'priority' })).toBe('priority');
    expect(await tierOf({ serviceTier: null })).toBeNull();
  });

  it('is the default one where the upstream refused to be asked for another', async () => {
    const provider = aProvider(fake, { api });
    const ask = (scenario: Scenario) => {
      fake.next(scenario);
      return call(provider, aRequest({ serviceTier: 'flex' }));
    };
    const { result, extraRequests } = await ask(scenarios.unsupportedParam('service_tier'));
    expect([extraRequests.length, result?.serviceTier]).toEqual([1, 'default']);
    expect((await ask({ type: 'reply', serviceTier: null })).result?.serviceTier).toBe('default');
    expect((await ask({ type: 'cut', how: 'end', afterPieces: 1 })).error?.serviceTier).toBe('default');
  });

  it('is a name that fits the ledger, whatever a server calls it', async () => {
    expect(await tierOf({ serviceTier: `On_Demand\0 ${'x'.repeat(50)}` })).toBe('on_demandxxxxxxxxxxx');
  });
});
