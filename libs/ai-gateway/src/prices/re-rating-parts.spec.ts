import { partsOf, type Strand } from './re-rating-parts';
import type { ReRatingScope } from './re-rating';

const strand = (model: string, modelRequested = 'gpt-6-luna', provider = 'openai'): Strand => ({
  provider,
  modelRequested,
  model,
});
const scope = (fields: Partial<ReRatingScope> = {}): ReRatingScope => ({
  provider: 'openai',
  model: 'gpt-6-luna',
  from: '2026-11-01T00:00:00.000Z',
  to: null,
  ...fields,
});

describe('which calls a re-rating goes through', () => {
  it('those whose price may be found under the name, as answered or asked for, with a date or without', () => {
    const concerned = [strand('gpt-6-luna-2026-05-12', 'x'), strand('gpt-6-luna', 'x'), strand('x'), strand('')];
    const others = [strand('gpt-6-luna-mini', 'x'), strand('x', 'y'), strand('', 'gpt-6-luna', 'compatible')];
    const found = partsOf([scope()], [...concerned, ...others], null);
    expect(found.map(({ provider, modelRequested, model }) => ({ provider, modelRequested, model }))).toEqual(
      concerned,
    );
  });

  it('all but the simulator when no model is named', () => {
    const strands = [strand('a'), strand('b', 'b', 'compatible'), strand('c', 'c', 'simulator')];
    expect(partsOf([scope({ provider: null, model: null })], strands, null)).toHaveLength(2);
  });

  it('each once, from the earliest begin to the latest end', () => {
    const scopes = [
      scope({ from: '2026-11-05T00:00:00.000Z', to: '2026-11-10T00:00:00.000Z' }),
      scope({ from: '2026-11-07T00:00:00.000Z', to: '2026-11-12T00:00:00.000Z' }),
    ];
    expect(partsOf(scopes, [strand('')], null)).toEqual([
      { ...strand(''), from: '2026-11-05T00:00:00.000Z', to: '2026-11-12T00:00:00.000Z' },
    ]);
    expect(partsOf([...scopes, scope()], [strand('')], null)).toMatchObject([
      { from: '2026-11-01T00:00:00.000Z', to: null },
    ]);
  });

  it('the second time only those that could have ended since the change', () => {
    const scopes = [scope({ to: '2026-11-10T00:00:00.000Z' })];
    expect(partsOf(scopes, [strand('')], '2026-11-05T00:00:00.000Z')).toMatchObject([
      { from: '2026-11-05T00:00:00.000Z' },
    ]);
    expect(partsOf(scopes, [strand('')], '2026-11-10T00:00:00.000Z')).toEqual([]);
  });
});
