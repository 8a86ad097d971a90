import { UNKNOWN_USAGE } from '../provider';
import type { PriceAmounts } from './price';
import { costUsdMicros, exactCostUsdMicros, withoutSnapshotDate } from './pricing';

const LUNA: PriceAmounts = {
  inputUsdPerMtok: 0.1,
  cachedInputUsdPerMtok: 0.01,
  cacheWriteUsdPerMtok: 0.125,
  outputUsdPerMtok: 0.5,
  reasoningUsdPerMtok: null,
  longContextOverTokens: 272_000,
  longContextInputFactor: 2,
  longContextOutputFactor: 1.5,
};
const usage = (fields: Partial<typeof UNKNOWN_USAGE>) => ({ ...UNKNOWN_USAGE, ...fields });

describe('costUsdMicros', () => {
  it('is tokens times USD per million, in millionths of a dollar', () => {
    const tokens = usage({ inputTokens: 1_000_000, outputTokens: 1_000_000 });
    expect(costUsdMicros(tokens, { ...LUNA, longContextOverTokens: null })).toBe(600_000);
  });

  it('bills cached and cache-write tokens at their own prices, as parts of the input', () => {
    const cost = costUsdMicros(
      usage({ inputTokens: 10_000, cachedTokens: 6_000, cacheWriteTokens: 1_000, outputTokens: 2_000 }),
      LUNA,
    );
    expect(cost).toBe(Math.round(3_000 * 0.1 + 6_000 * 0.01 + 1_000 * 0.125 + 2_000 * 0.5));
  });

  it('bills cached and cache-write tokens as plain input where they have no price of their own', () => {
    const price = { ...LUNA, cachedInputUsdPerMtok: null, cacheWriteUsdPerMtok: null };
    const tokens = { inputTokens: 10_000, cachedTokens: 6_000, cacheWriteTokens: 1_000, outputTokens: 0 };
    expect(costUsdMicros(usage(tokens), price)).toBe(1_000);
  });

  it('bills reasoning tokens as other output, or at their own price, and never beside the output', () => {
    const tokens = usage({ inputTokens: 0, outputTokens: 1_000, reasoningTokens: 600 });
    expect(costUsdMicros(tokens, LUNA)).toBe(500);
    expect(costUsdMicros(tokens, { ...LUNA, reasoningUsdPerMtok: 2 })).toBe(400 * 0.5 + 600 * 2);
    // A server that reports more reasoning than output bills the output.
    const more = { ...tokens, reasoningTokens: 5_000 };
    expect(costUsdMicros(more, { ...LUNA, reasoningUsdPerMtok: 2 })).toBe(2_000);
  });

  it('costs more as a whole above the long-context limit, and not at it', () => {
    expect(costUsdMicros(usage({ inputTokens: 272_000, outputTokens: 1_000 }), LUNA)).toBe(27_700);
    expect(costUsdMicros(usage({ inputTokens: 272_001, outputTokens: 1_000 }), LUNA)).toBe(
      Math.round(272_001 * 0.2 + 750),
    );
    const long = { inputTokens: 300_000, cachedTokens: 200_000, outputTokens: 1_000, reasoningTokens: 500 };
    expect(costUsdMicros(usage(long), { ...LUNA, reasoningUsdPerMtok: 1 })).toBe(
      (100_000 * 0.1 + 200_000 * 0.01) * 2 + (500 * 0.5 + 500 * 1) * 1.5,
    );
  });

  it('is unknown, never 0, when the usage is unknown', () => {
    expect(costUsdMicros(UNKNOWN_USAGE, LUNA)).toBeNull();
    expect(costUsdMicros(usage({ inputTokens: 10 }), LUNA)).toBeNull();
  });

  it('loses nothing that can be seen in a sum by being rounded to micro-dollars', () => {
    // The cheapest model and short messages: 50 to 1,049 tokens in, 5 to 204 out; 100,000 calls.
    let [exact, rounded] = [0, 0];
    for (let call = 0; call < 100_000; call += 1) {
      const tokens = usage({ inputTokens: 50 + ((call * 7919) % 1000), outputTokens: 5 + ((call * 104_729) % 200) });
      exact += exactCostUsdMicros(tokens, LUNA)!;
      rounded += costUsdMicros(tokens, LUNA)!;
    }
    expect(Math.abs(rounded - exact) / exact).toBeLessThan(0.001);
    // And whatever the calls are, each is at most half a micro-dollar off.
    expect(Math.abs(rounded - exact)).toBeLessThanOrEqual(0.5 * 100_000);
  });

  it('takes a dated snapshot for its model', () => {
    expect(withoutSnapshotDate('gpt-6-luna-2026-05-12')).toBe('gpt-6-luna');
    expect(withoutSnapshotDate('gpt-6-luna')).toBe('gpt-6-luna');
  });
});
