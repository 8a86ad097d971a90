import { readPackagePrices, SINCE_EVER } from './genai-prices';
import { planImport } from './price-import';
import type { StoredPrice } from './price';

const JULY = new Date('2026-07-30T00:00:00.000Z');

const stored = (fields: Partial<StoredPrice>): StoredPrice => ({
  id: 1,
  provider: 'openai',
  model: 'gpt-5.6-luna',
  serviceTier: 'default',
  effectiveFrom: SINCE_EVER,
  inputUsdPerMtok: 9,
  cachedInputUsdPerMtok: null,
  cacheWriteUsdPerMtok: null,
  outputUsdPerMtok: 9,
  reasoningUsdPerMtok: null,
  longContextOverTokens: null,
  longContextInputFactor: null,
  longContextOutputFactor: null,
  source: 'seed',
  createdBy: null,
  createdAt: JULY,
  updatedAt: JULY,
  deletedAt: null,
  ...fields,
});

describe('prices of the package', () => {
  it('have their dates, their cache prices, and their step for long contexts as factors', () => {
    const { prices, notFound, skipped } = readPackagePrices(['gpt-5.6-luna']);
    expect({ notFound, skipped }).toEqual({ notFound: [], skipped: [] });
    const long = { longContextOverTokens: 271_999, longContextInputFactor: 2, longContextOutputFactor: 1.5 };
    expect(prices).toMatchObject([
      {
        effectiveFrom: SINCE_EVER,
        amounts: {
          inputUsdPerMtok: 1,
          cachedInputUsdPerMtok: 0.1,
          cacheWriteUsdPerMtok: 1.25,
          outputUsdPerMtok: 6,
          ...long,
        },
        unitsNotBilled: ['web_searches_kcount', 'storage_searches_kcount'],
      },
      { effectiveFrom: JULY, amounts: { inputUsdPerMtok: 0.2, cachedInputUsdPerMtok: 0.02, ...long } },
    ]);
  });

  it('are found under other names of a model, and said not to be there otherwise', () => {
    const { prices, notFound } = readPackagePrices(['gpt-5-codex', 'gpt-9', 'gpt-9']);
    expect(prices).toMatchObject([{ model: 'gpt-5-codex', amounts: { inputUsdPerMtok: 1.25 } }]);
    expect(notFound).toEqual(['gpt-9']);
  });

  it('are read for all models or said to be left out; none comes as 0 or twice', () => {
    const { prices, skipped } = readPackagePrices();
    expect(prices.length).toBeGreaterThan(60);
    const keys = prices.map(({ model, effectiveFrom }) => `${model} ${effectiveFrom.getTime()}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(prices.every(({ effectiveFrom }) => !Number.isNaN(effectiveFrom.getTime()))).toBe(true);
    expect(skipped.map(({ model }) => model)).toContain('text-embedding-3-small');
  });
});

describe('an import', () => {
  const { prices } = readPackagePrices(['gpt-5.6-luna']);

  it('adds what is not there and changes what came with Parley', () => {
    expect(planImport(prices, []).map(({ action, current }) => [action, current])).toEqual([
      ['added', null],
      ['added', null],
    ]);
    const seed = stored({});
    expect(planImport(prices, [seed])).toMatchObject([
      { action: 'changed', current: seed },
      { action: 'added', current: seed },
    ]);
  });

  it('leaves alone what an admin has set, and the whole time for which it is in force', () => {
    const admins = stored({ source: 'admin', effectiveFrom: new Date('2026-01-01T00:00:00Z') });
    expect(planImport(prices, [admins]).map(({ action }) => action)).toEqual(['added', 'kept']);
    expect(planImport(prices, [stored({ source: 'admin' })]).map(({ action }) => action)).toEqual(['kept', 'kept']);
  });

  it('leaves the snapshots of a model at the price that an admin has set for the model', () => {
    const snapshot = readPackagePrices(['gpt-4o-2024-05-13']).prices;
    expect(planImport(snapshot, []).map(({ action }) => action)).toEqual(['added']);
    const later = new Date('2026-01-01T00:00:00Z');
    const admins = stored({ model: 'gpt-4o', source: 'admin', effectiveFrom: later });
    expect(planImport(snapshot, [admins]).map(({ action }) => action)).toEqual(['kept']);
    expect(planImport(snapshot, [{ ...admins, source: 'seed' }]).map(({ action }) => action)).toEqual(['added']);
  });

  it('keeps what is the same, and does not mind other tiers', () => {
    const same = prices.map(({ amounts, effectiveFrom }, id) => stored({ id, ...amounts, effectiveFrom }));
    expect(planImport(prices, same).map(({ action, reason }) => [action, reason])).toEqual([
      ['kept', 'it is the same'],
      ['kept', 'it is the same'],
    ]);
    const flex = stored({ serviceTier: 'flex', source: 'admin' });
    expect(planImport(prices, [flex]).map(({ action }) => action)).toEqual(['added', 'added']);
  });
});
