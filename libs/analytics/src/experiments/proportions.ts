/** How many of how many. */
export interface Proportion {
  hits: number;
  of: number;
}

export interface ProportionComparison {
  a: Proportion & { rate: number | null };
  b: Proportion & { rate: number | null };
  /** Rate of B minus rate of A; null while one of them has none. */
  difference: number | null;
  /** 95 percent, of the difference; null while there are too few. */
  confidenceInterval: [number, number] | null;
  /** Two-sided; null while there are too few. */
  pValue: number | null;
}

/** The 97.5th percentile of the normal distribution: an interval of two sides has 95 percent. */
const Z_95 = 1.959964;
/** Fewer than this on one side say nothing worth a number. */
const MIN_SIZE = 30;
/** Below this many expected hits, or misses, the normal approximation of the test is off (Cochran 1954). */
const MIN_EXPECTED = 5;

/**
 * Compares two proportions: the interval is Newcombe's, made of two Wilson score intervals (Newcombe 1998, method 10), the p-value that of the
 * pooled two-proportion z-test.
 */
export function compareProportions(a: Proportion, b: Proportion): ProportionComparison {
  const [rateA, rateB] = [rateOf(a), rateOf(b)];
  const difference = rateA === null || rateB === null ? null : rateB - rateA;
  const isEnough = Math.min(a.of, b.of) >= MIN_SIZE && difference !== null;
  return {
    a: { ...a, rate: rateA },
    b: { ...b, rate: rateB },
    difference,
    confidenceInterval: isEnough ? newcombe(a, b) : null,
    pValue: isEnough ? zTest(a, b) : null,
  };
}

/** How surprising a split is for this share; two-sided, null while too few. A very small value means that the split itself is broken. */
export function splitPValue(inB: number, all: number, share: number): number | null {
  if (Math.min(all * share, all * (1 - share)) < MIN_EXPECTED) return null;
  return twoSided((inB - all * share) / Math.sqrt(all * share * (1 - share)));
}

export const rateOf = ({ hits, of }: Proportion): number | null => (of === 0 ? null : hits / of);

function wilson({ hits, of }: Proportion): [number, number] {
  const rate = hits / of;
  const square = Z_95 ** 2;
  const middle = rate + square / (2 * of);
  const width = Z_95 * Math.sqrt((rate * (1 - rate)) / of + square / (4 * of ** 2));
  return [(middle - width) / (1 + square / of), (middle + width) / (1 + square / of)];
}

function newcombe(a: Proportion, b: Proportion): [number, number] {
  const [rateA, rateB] = [a.hits / a.of, b.hits / b.of];
  const [[lowA, highA], [lowB, highB]] = [wilson(a), wilson(b)];
  const difference = rateB - rateA;
  return [difference - Math.hypot(rateB - lowB, highA - rateA), difference + Math.hypot(highB - rateB, rateA - lowA)];
}

function zTest(a: Proportion, b: Proportion): number | null {
  const pooled = (a.hits + b.hits) / (a.of + b.of);
  if (Math.min(a.of, b.of) * Math.min(pooled, 1 - pooled) < MIN_EXPECTED) return null;
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / a.of + 1 / b.of));
  return twoSided((b.hits / b.of - a.hits / a.of) / error);
}

/** Probability of a value at least as far from 0 in a normal distribution. */
const twoSided = (z: number): number => erfc(Math.abs(z) / Math.SQRT2);

/** Abramowitz and Stegun 7.1.26, for x ≥ 0; off by less than 1.5e-7. */
function erfc(x: number): number {
  const t = 1 / (1 + 0.3275911 * x);
  const polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return polynomial * Math.exp(-x * x);
}
