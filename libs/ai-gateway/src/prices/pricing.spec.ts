import { costUsdMicros, type Price, withoutSnapshotDate } from './pricing';
import { UNKNOWN_USAGE } from './provider';

const LUNA: Price = {
  inputUsdPerMtok: 0.1,
  cachedInputUsdPerMtok: 0.01,
  cacheWriteUsdPerMtok: 0.125,
  outputUsdPerMtok: 0.5,
  longContextOverTokens: 272_000,
  longContextInputFactor: 2,
  longContextOutputFactor: 1.5,
};
const usage = (fields: Partial<typeof UNKNOWN_USAGE>) => ({ ...UNKNOWN_USAGE, ...fields });

describe('costUsdMicros', () => {
  it('is tokens times USD per million, in millionths of a dollar', () => {
    expect(
      costUsdMicros(usage({ inputTokens: 1_000_000, outputTokens: 1_000_000 }), {
        ...LUNA,
        longContextOverTokens: null,
      }),
    ).toBe(600_000);
  });

  it('bills cached and cache-write tokens at their own prices, as parts of the input', () => {
    const cost = costUsdMicros(
      usage({ inputTokens: 10_000, cachedTokens: 6_000, cacheWriteTokens: 1_000, outputTokens: 2_000 }),
      LUNA,
    );
    expect(cost).toBe(Math.round(3_000 * 0.1 + 6_000 * 0.01 + 1_000 * 0.125 + 2_000 * 0.5));
  });

  it('bills cached tokens as plain input where they have no price of their own', () => {
    const price = { ...LUNA, cachedInputUsdPerMtok: null };
    expect(costUsdMicros(usage({ inputTokens: 10_000, cachedTokens: 10_000, outputTokens: 0 }), price)).toBe(1_000);
  });

  it('costs more as a whole above the long-context limit, and not at it', () => {
    expect(costUsdMicros(usage({ inputTokens: 272_000, outputTokens: 1_000 }), LUNA)).toBe(27_700);
    expect(costUsdMicros(usage({ inputTokens: 272_001, outputTokens: 1_000 }), LUNA)).toBe(
      Math.round(272_001 * 0.2 + 750),
    );
  });

  it('is unknown, never 0, when the usage is unknown', () => {
    expect(costUsdMicros(UNKNOWN_USAGE, LUNA)).toBeNull();
    expect(costUsdMicros(usage({ inputTokens: 10 }), LUNA)).toBeNull();
  });

  it('takes a dated snapshot for its model', () => {
    expect(withoutSnapshotDate('gpt-6-luna-2026-05-12')).toBe('gpt-6-luna');
    expect(withoutSnapshotDate('gpt-6-luna')).toBe('gpt-6-luna');
  });
});
