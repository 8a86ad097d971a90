import type { Bins } from '../persistence/figures.repository';
import { TIMES } from '../persistence/percentiles.repository';

/** What one bin is wider than the one before: the function `latency_bin` of the database uses the same. */
const GROWTH = 1.1;
/** The middle of a bin is at most (GROWTH − 1) / (GROWTH + 1) = 4.8 % from anything in it. */
export const RELATIVE_ERROR = 0.05;

/** Bin 0 is 0 ms, bin 1 is 1 ms, bin i holds what is over 1.1^(i−2) and up to 1.1^(i−1) ms. */
const middleOf = (bin: number): number => (bin === 0 ? 0 : bin === 1 ? 1 : (2 * GROWTH ** (bin - 1)) / (GROWTH + 1));

/** How often each time was measured, by bins in rising order. */
export interface Distribution {
  bins: [bin: number, calls: number][];
  /** Of all bins. */
  calls: number;
}

/** What was measured, in the order of `TIMES`. */
export function distributionsOf(bins: Bins): Distribution[] {
  const found = TIMES.map((): Distribution => ({ bins: [], calls: 0 }));
  for (const [key, calls] of bins) {
    const distribution = found[key >> 8];
    if (distribution === undefined) continue;
    distribution.bins.push([key & 0xff, calls]);
    distribution.calls += calls;
  }
  for (const distribution of found) distribution.bins.sort(([a], [b]) => a - b);
  return found;
}

/** Milliseconds that the given shares of calls took at most, to within 5 %; null when nothing was measured. */
export function percentilesOf({ bins, calls }: Distribution, shares: readonly number[]): number[] | null {
  if (calls === 0) return null;
  return shares.map((share) => {
    const rank = share * (calls - 1);
    let seen = 0;
    const found = bins.find(([, count]) => (seen += count) > rank);
    return Math.round(middleOf(found![0]) * 10) / 10;
  });
}
