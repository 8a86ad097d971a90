import type { Bins } from '../persistence/figures.repository';
import { type MeasuredTime, TIMES } from '../persistence/percentiles.repository';

/** What one bin is wider than the one before: the function `latency_bin` of the database uses the same. */
const GROWTH = 1.1;
/** The middle of a bin is at most (GROWTH − 1) / (GROWTH + 1) = 4.8 % from anything in it. */
export const RELATIVE_ERROR = 0.05;

/** Bin 0 is 0 ms, bin 1 is 1 ms, bin i holds what is over 1.1^(i−2) and up to 1.1^(i−1) ms. */
const middleOf = (bin: number): number => (bin === 0 ? 0 : bin === 1 ? 1 : (2 * GROWTH ** (bin - 1)) / (GROWTH + 1));

const binsOf = (bins: Bins, time: MeasuredTime): [bin: number, calls: number][] =>
  [...bins]
    .filter(([key]) => key >> 8 === TIMES.indexOf(time))
    .map(([key, calls]): [number, number] => [key & 0xff, calls])
    .sort(([a], [b]) => a - b);

export const measuredCalls = (bins: Bins, time: MeasuredTime): number =>
  binsOf(bins, time).reduce((sum, [, calls]) => sum + calls, 0);

/** Milliseconds that the given shares of calls took at most, to within 5 %; null when nothing was measured. */
export function percentilesOf(bins: Bins, time: MeasuredTime, shares: readonly number[]): number[] | null {
  const sorted = binsOf(bins, time);
  const calls = measuredCalls(bins, time);
  if (calls === 0) return null;
  return shares.map((share) => {
    const rank = share * (calls - 1);
    let seen = 0;
    const found = sorted.find(([, count]) => (seen += count) > rank);
    return Math.round(middleOf(found![0]) * 10) / 10;
  });
}
