import { FakeOpenAI, scenarios } from '../../../../test/support/fake-openai';
import { ApiKeys } from './api-keys';
import { OpenAIModels } from './openai-models';
import { SimulatorServer } from './simulator/simulator-server';

describe('OpenAIModels', () => {
  const fake = new FakeOpenAI();
  let models: OpenAIModels;

  const connect = (baseUrl: string, keys = ['sk-a']): OpenAIModels =>
    new OpenAIModels({
      apiKey: keys[0]!,
      keys: new ApiKeys(keys),
      baseUrl,
      api: 'responses',
      defaultModel: 'gpt-6-luna',
      contentIdleTimeoutMs: 1000,
      totalTimeoutMs: 2000,
      provider: 'openai',
    });

  beforeAll(async () => {
    models = connect(await fake.start());
  });
  afterAll(async () => fake.stop());
  afterEach(() => fake.reset());

  it('reads names and days, and leaves out what is none', async () => {
    const offered = [
      { id: 'gpt-6-luna', shutdown_date: null },
      { id: 'gpt-4o', shutdown_date: '2027-01-14' },
      { id: 'with-a-time', shutdown_date: '2027-01-14T12:00:00Z' },
      { id: 'no-day', shutdown_date: '2027-02-30' },
      { id: 'words', shutdown_date: 'soon' },
      { id: '' },
      { id: 'x'.repeat(201) },
    ];
    fake.models.offer(offered);
    expect(await models.list()).toEqual({
      outcome: 'listed',
      isComplete: true,
      hasShutdownDates: true,
      models: [
        { id: 'gpt-6-luna', shutdownDate: null },
        { id: 'gpt-4o', shutdownDate: '2027-01-14' },
        { id: 'with-a-time', shutdownDate: '2027-01-14' },
        { id: 'no-day', shutdownDate: null },
        { id: 'words', shutdownDate: null },
      ],
    });
  });

  it('a server without dates, without models or without a list is no fault', async () => {
    fake.models.offer([{ id: 'llama3:latest' }]);
    expect(await models.list()).toMatchObject({ hasShutdownDates: false, isComplete: true });
    fake.models.offer([]);
    expect(await models.list()).toMatchObject({ outcome: 'listed', isComplete: false });
    fake.models.offer(null);
    expect(await models.list()).toEqual({ outcome: 'unsupported' });
  });

  it('names what went wrong', async () => {
    fake.always(scenarios.error(500));
    await expect(models.list()).rejects.toMatchObject({ code: 'UPSTREAM.SERVER_ERROR' });
    fake.always(scenarios.error(200, { rawBody: '[]', contentType: 'application/json' }));
    await expect(models.list()).rejects.toMatchObject({ code: 'UPSTREAM.BAD_ANSWER' });
    await expect(connect('http://127.0.0.1:1/v1').list()).rejects.toMatchObject({ code: 'UPSTREAM.UNREACHABLE' });
  });

  it('goes on with the next key when one is refused', async () => {
    const strict = new FakeOpenAI({ keys: ['sk-good'] });
    try {
      const baseUrl = await strict.start();
      expect(await connect(baseUrl, ['sk-revoked', 'sk-good']).list()).toMatchObject({ outcome: 'listed' });
      await expect(connect(baseUrl, ['sk-revoked']).list()).rejects.toMatchObject({ code: 'UPSTREAM.UNAUTHORIZED' });
    } finally {
      await strict.stop();
    }
  });

  it('the simulator lists what OpenAI would, with days', async () => {
    const simulator = new SimulatorServer();
    try {
      const { baseUrl } = await simulator.start();
      const list = await connect(baseUrl).list();
      expect(list).toMatchObject({ outcome: 'listed', hasShutdownDates: true, isComplete: true });
    } finally {
      await simulator.stop();
    }
  });
});
