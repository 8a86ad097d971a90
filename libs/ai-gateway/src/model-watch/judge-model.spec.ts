import { judgeModel, type ModelKnowledge, type WatchedModel } from './judge-model';

const NOW = new Date('2026-11-21T23:30:00Z');

const knowing = (models: (Partial<WatchedModel> & { model: string })[], rest: Partial<ModelKnowledge> = {}) => ({
  provider: 'openai' as const,
  models: new Map(models.map((model) => [model.model, { shutdownDate: null, isGone: false, ...model }])),
  isComplete: true,
  ...rest,
});

describe('judgeModel', () => {
  it('has nothing to say of a model that is listed without a date', () => {
    expect(judgeModel('gpt-6-luna', knowing([{ model: 'gpt-6-luna' }]), NOW)).toBeNull();
  });

  it.each([
    ['2026-11-22', 'ending', 1],
    ['2026-11-21', 'shut_down', 0],
    ['2026-11-20', 'shut_down', -1],
    ['2027-02-19', 'ending', 90],
  ])('a shutdown on %s is %s, %i days from now', (shutdownDate, status, daysLeft) => {
    const verdict = judgeModel('gpt-6-sol', knowing([{ model: 'gpt-6-sol', shutdownDate }]), NOW);
    expect(verdict).toEqual({ status, daysLeft, shutdownDate, replacement: null });
  });

  it('what the upstream says counts before what we know', () => {
    const listed = knowing([{ model: 'gpt-4o', shutdownDate: '2027-06-30' }]);
    expect(judgeModel('gpt-4o', listed, NOW)).toMatchObject({ shutdownDate: '2027-06-30', replacement: 'gpt-6-luna' });
  });

  it.each(['gpt-4', 'gpt-4-0613', 'gpt-3.5-turbo', 'o3-mini-2025-01-31', 'ft:gpt-4:acme::8xyz'])(
    '%s is known to be shut down although the upstream does not list it any more',
    (model) => {
      expect(judgeModel(model, knowing([{ model: 'gpt-6-luna' }]), NOW)).toMatchObject({
        status: 'shut_down',
        shutdownDate: '2026-10-23',
        replacement: 'gpt-6-luna',
      });
    },
  );

  it('a model that was listed once and is gone is shut down, without a date', () => {
    const verdict = judgeModel('acme-1', knowing([{ model: 'acme-1', isGone: true }]), NOW);
    expect(verdict).toMatchObject({ status: 'shut_down', shutdownDate: null });
    const early = knowing([{ model: 'acme-1', isGone: true, shutdownDate: '2027-01-01' }]);
    expect(judgeModel('acme-1', early, NOW)).toMatchObject({ status: 'shut_down', shutdownDate: '2027-01-01' });
  });

  it('a model that a complete list does not have is unknown; with an incomplete one nobody can say', () => {
    expect(judgeModel('gtp-6', knowing([{ model: 'gpt-6-luna' }]), NOW)).toMatchObject({ status: 'unknown' });
    expect(judgeModel('gtp-6', knowing([], { isComplete: false }), NOW)).toBeNull();
  });

  it('OpenAI’s dates are not those of other servers, and a name stands for its newest tag', () => {
    const ollama = knowing([{ model: 'llama3:latest' }, { model: 'gpt-4' }], { provider: 'compatible' });
    expect(judgeModel('llama3', ollama, NOW)).toBeNull();
    expect(judgeModel('gpt-4', ollama, NOW)).toBeNull();
  });
});
