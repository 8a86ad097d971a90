import { UNKNOWN_USAGE } from '../provider';
import type { Price } from './price';
import { type CallToRate, namesToPrice, PriceList } from './price-list';

let nextId = 1;
const aPrice = (fields: Partial<Price> = {}): Price => ({
  id: nextId++,
  provider: 'openai',
  model: 'gpt-6-luna',
  serviceTier: 'default',
  effectiveFrom: new Date('2026-11-01T00:00:00Z'),
  inputUsdPerMtok: 1,
  cachedInputUsdPerMtok: null,
  cacheWriteUsdPerMtok: null,
  outputUsdPerMtok: 0,
  reasoningUsdPerMtok: null,
  longContextOverTokens: null,
  longContextInputFactor: null,
  longContextOutputFactor: null,
  ...fields,
});

const aCall = (fields: Partial<CallToRate> = {}): CallToRate => ({
  provider: 'openai',
  model: 'gpt-6-luna',
  modelRequested: 'gpt-6-luna',
  serviceTier: 'default',
  usage: { ...UNKNOWN_USAGE, inputTokens: 1_000, outputTokens: 0 },
  startedAt: new Date('2026-11-21T12:00:00Z'),
  ...fields,
});

const UNPRICED = { costUsdMicros: null, priceId: null };

describe('which price a call gets', () => {
  it('the one in force when it started: the newest that is not later, from its very moment on', () => {
    const old = aPrice({ effectiveFrom: new Date('2026-01-01T00:00:00Z'), inputUsdPerMtok: 5 });
    const now = aPrice();
    const list = new PriceList([old, aPrice({ effectiveFrom: new Date('2027-01-01T00:00:00Z') }), now]);
    expect(list.rate(aCall())).toEqual({ costUsdMicros: 1_000, priceId: now.id });
    expect(list.rate(aCall({ startedAt: now.effectiveFrom }))).toMatchObject({ priceId: now.id });
    const before = new Date(now.effectiveFrom.getTime() - 1);
    expect(list.rate(aCall({ startedAt: before }))).toEqual({ costUsdMicros: 5_000, priceId: old.id });
    expect(list.rate(aCall({ startedAt: new Date('2025-12-31T00:00:00Z') }))).toEqual(UNPRICED);
  });

  it('that of the model that answered before that of the one asked for, each with its date before without', () => {
    expect(namesToPrice('gpt-x-2026-05-12', 'gpt-y-2026-01-01')).toEqual([
      'gpt-x-2026-05-12',
      'gpt-x',
      'gpt-y-2026-01-01',
      'gpt-y',
    ]);
    expect(namesToPrice(null, 'gpt-y')).toEqual(['gpt-y']);
    const snapshot = aPrice({ model: 'gpt-6-luna-2026-05-12' });
    const model = aPrice();
    const list = new PriceList([model, snapshot, aPrice({ model: 'asked' })]);
    const call = { model: 'gpt-6-luna-2026-05-12', modelRequested: 'asked' };
    expect(list.rate(aCall(call))).toMatchObject({ priceId: snapshot.id });
    expect(list.rate(aCall({ ...call, model: 'gpt-6-luna-2026-06-01' }))).toMatchObject({ priceId: model.id });
  });

  it('that of the tier in which the upstream ran it; a tier without a price is unpriced, never the default price', () => {
    const [standard, flex] = [aPrice(), aPrice({ serviceTier: 'flex', inputUsdPerMtok: 0.5 })];
    const list = new PriceList([standard, flex]);
    for (const serviceTier of [null, 'auto', 'default']) {
      expect(list.rate(aCall({ serviceTier }))).toEqual({ costUsdMicros: 1_000, priceId: standard.id });
    }
    expect(list.rate(aCall({ serviceTier: 'flex' }))).toEqual({ costUsdMicros: 500, priceId: flex.id });
    expect(list.rate(aCall({ serviceTier: 'priority' }))).toEqual(UNPRICED);
  });

  it('a snapshot with prices of its own does not borrow a tier from its model', () => {
    const list = new PriceList([
      aPrice({ serviceTier: 'flex', inputUsdPerMtok: 0.5 }),
      aPrice({ model: 'gpt-6-luna-2026-05-12', inputUsdPerMtok: 3 }),
    ]);
    const dated = aCall({ model: 'gpt-6-luna-2026-05-12', serviceTier: 'flex' });
    expect(list.rate(dated)).toEqual(UNPRICED);
    expect(list.rate({ ...dated, model: 'gpt-6-luna-2026-06-01' })).toMatchObject({ costUsdMicros: 500 });
  });

  it('prices of OpenAI say nothing about other servers; these have their own', () => {
    const own = aPrice({ provider: 'compatible', inputUsdPerMtok: 7 });
    expect(new PriceList([aPrice()]).rate(aCall({ provider: 'compatible' }))).toEqual(UNPRICED);
    expect(new PriceList([aPrice(), own]).rate(aCall({ provider: 'compatible' }))).toEqual({
      costUsdMicros: 7_000,
      priceId: own.id,
    });
  });

  it('unknown models and unknown usage have no cost, and the simulator costs nothing', () => {
    const list = new PriceList([aPrice()]);
    expect(list.rate(aCall({ model: 'other', modelRequested: 'other' }))).toEqual(UNPRICED);
    expect(list.rate(aCall({ usage: UNKNOWN_USAGE }))).toEqual(UNPRICED);
    expect(list.rate(aCall({ provider: 'simulator', model: 'other' }))).toEqual({ costUsdMicros: 0, priceId: null });
  });

  it('a free model costs 0, which is a price', () => {
    const free = aPrice({ inputUsdPerMtok: 0 });
    expect(new PriceList([free]).rate(aCall())).toEqual({ costUsdMicros: 0, priceId: free.id });
  });
});
