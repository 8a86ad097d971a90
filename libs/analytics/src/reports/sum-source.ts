import type { FiguresRepository } from '../persistence/figures.repository';
import type { Figures, Measure } from '../persistence/measures';
import type { FigureSource } from './report-reader';

export const noFigures = <M extends Measure>(measures: readonly M[]): Figures<M> =>
  Object.fromEntries(measures.map((measure) => [measure, 0])) as Figures<M>;

export const addFigures = <M extends Measure>(
  measures: readonly M[],
  a: Figures<M>,
  b: Figures<M>,
  sign: 1 | -1,
): Figures<M> => Object.fromEntries(measures.map((measure) => [measure, a[measure] + sign * b[measure]])) as Figures<M>;

/** Figures that are sums of the ledger; groups are ranked by one of them. */
export const sumSource = <M extends Measure>(
  figures: FiguresRepository,
  measures: readonly M[],
  rankedBy: M,
): FigureSource<Figures<M>> => ({
  read: (points, state, wanted) => figures.sums(points, state, wanted, measures),
  empty: () => noFigures(measures),
  rank: (sums) => sums[rankedBy],
  add: (a, b, sign) => addFigures(measures, a, b, sign),
});
