import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { planSegments, type RollupState, type Segment } from '../rollups/segments';
import type { Point } from '../time/points';
import { cubeOf, grainNumber, latenciesStatement, type Statement, sumsStatement, type Wanted } from './figures.sql';
import { type Figures, type Grain, GRAINS_OF, type Measure } from './measures';

/** Sums by point and group; the group is null where there are none. */
export type ByPoint<T> = Map<number, Map<string | null, T>>;

/** Calls by measured time (0 queue, 1 first token, 2 total) times 256 plus bin. */
export type Bins = Map<number, number>;

interface Row {
  point: number;
  sign: number;
  group: string | null;
}

/** Reads what the ledger says of points in time: from the sums as far as they are up to date, from the ledger itself for the rest. */
@Injectable()
export class FiguresRepository {
  constructor(private readonly database: Database) {}

  async sums<M extends Measure>(
    points: readonly Point[],
    state: RollupState,
    wanted: Wanted,
    measures: readonly M[],
  ): Promise<ByPoint<Figures<M>>> {
    const rows = await this.rows<Row & Figures<M>>(points, state, wanted, sumsStatement(wanted, measures));
    return folded(rows, (row, known: Figures<M> | undefined) => {
      const sums = known ?? (Object.fromEntries(measures.map((measure) => [measure, 0])) as Figures<M>);
      for (const measure of measures) sums[measure] += row.sign * row[measure];
      return sums;
    });
  }

  async latencies(points: readonly Point[], state: RollupState, wanted: Wanted): Promise<ByPoint<Bins>> {
    const rows = await this.rows<Row & { bins: string }>(points, state, wanted, latenciesStatement(wanted));
    return folded(rows, (row, known: Bins | undefined) => {
      const bins = known ?? new Map<number, number>();
      for (const entry of row.bins.split(',')) {
        const colon = entry.indexOf(':');
        const bin = Number(entry.slice(0, colon));
        bins.set(bin, (bins.get(bin) ?? 0) + row.sign * Number(entry.slice(colon + 1)));
      }
      return bins;
    });
  }

  private rows<R>(
    points: readonly Point[],
    state: RollupState,
    wanted: Wanted,
    { text, values }: Statement,
  ): Promise<R[]> {
    const segments = planSegments(points, state, GRAINS_OF[cubeOf(wanted.selection, wanted.group)]);
    const summed = segments.filter(({ source }) => source !== 'calls');
    const raw = segments.filter(({ source }) => source === 'calls');
    return this.database.query<R>(text, [
      summed.map(({ point }) => point),
      summed.map(({ sign }) => sign),
      summed.map(({ source }) => grainNumber(source as Grain)),
      ...edgesOf(summed),
      raw.map(({ point }) => point),
      raw.map(({ sign }) => sign),
      ...edgesOf(raw),
      ...values,
    ]);
  }
}

export const edgesOf = (segments: readonly Segment[]): [Date[], Date[]] => [
  segments.map(({ from }) => new Date(from)),
  segments.map(({ to }) => new Date(to)),
];

function folded<R extends Row, T>(rows: readonly R[], fold: (row: R, known: T | undefined) => T): ByPoint<T> {
  const points: ByPoint<T> = new Map();
  for (const row of rows) {
    const groups = points.get(row.point) ?? new Map<string | null, T>();
    points.set(row.point, groups.set(row.group, fold(row, groups.get(row.group))));
  }
  return points;
}
