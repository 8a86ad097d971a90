import type { Sample } from './sampler';

export type Figure = Exclude<keyof Sample, 'atMs'>;

/** Growth from the first to the last third that still counts as flat: a share of the first third, or an amount, whichever is more. */
export type Bounds = Record<Figure, { share: number; amount: number }>;

export interface Verdict {
  process: string;
  figure: Figure;
  first: number;
  last: number;
  bound: number;
  isFlat: boolean;
}

const median = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
};

/** Compares the medians of the first and the last third of the samples that were taken after the warm-up. */
export function judge(process: string, samples: Sample[], warmUpMs: number, bounds: Bounds): Verdict[] {
  const warm = samples.filter(({ atMs }) => atMs >= warmUpMs);
  return (Object.keys(bounds) as Figure[]).flatMap((figure): Verdict[] => {
    const values = warm.map((sample) => sample[figure]).filter((value) => value !== null);
    if (values.length === 0) return [];
    if (values.length < 2) throw new Error(`One sample of the ${figure} of ${process} is too little to say anything.`);
    const third = Math.max(1, Math.floor(values.length / 3));
    const first = median(values.slice(0, third));
    const last = median(values.slice(-third));
    const bound = Math.max(first * bounds[figure].share, bounds[figure].amount);
    return [{ process, figure, first, last, bound, isFlat: last - first <= bound }];
  });
}

const number = (value: number): string => value.toFixed(1).padStart(9);

/** One line per figure. */
export function tableOf(verdicts: Verdict[]): string {
  const head = `  ${'process'.padEnd(8)} ${'figure'.padEnd(10)} ${'first'.padStart(9)} ${'last'.padStart(9)} ${'growth'.padStart(9)} ${'allowed'.padStart(9)}`;
  const lines = verdicts.map(
    ({ process, figure, first, last, bound, isFlat }) =>
      `  ${process.padEnd(8)} ${figure.padEnd(10)} ${number(first)} ${number(last)} ${number(last - first)} ${number(bound)}${isFlat ? '' : '  GROWS'}`,
  );
  return [head, ...lines].join('\n');
}
