import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { planSegments, type RollupState, type Segment } from '../rollups/segments';
import type { Point } from '../time/points';
import { cubesOf, latenciesStatement, type Statement, sumsStatement, type Wanted } from './figures.sql';
import { type Figures, type Grain, GRAINS, type Measure } from './measures';

/** Sums by point and group; the group is null where there are none. */
export type ByPoint<T> = Map<number, Map<string | null, T>>;

/** Calls by measured time (0 queue, 1 first token, 2 total) times 256 plus bin. */
export type Bins = Map<number, number>;

interface Row {
  part: number;
  group: string | null;
}

/** The lower 40 bits say how many calls. All bits together are a safe integer. */
const CALLS_OF_ELEMENT = 2 ** 40;

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
    const read = await this.read<Row & Figures<M>>(points, state, wanted, sumsStatement(wanted, measures));
    return added(read, (row, sign, known: Figures<M> | undefined) => {
      const sums = known ?? (Object.fromEntries(measures.map((measure) => [measure, 0])) as Figures<M>);
      for (const measure of measures) sums[measure] += sign * row[measure];
      return sums;
    });
  }

  async latencies(points: readonly Point[], state: RollupState, wanted: Wanted): Promise<ByPoint<Bins>> {
    const { rows, uses } = await this.read<Row & { bins: string }>(points, state, wanted, latenciesStatement(wanted));
    const read = { rows: rows.map((row) => ({ ...row, bins: binsOf(row.bins) })), uses };
    return added(read, (row, sign, known: Bins | undefined) => {
      const bins = known ?? new Map<number, number>();
      for (const [bin, calls] of row.bins) bins.set(bin, (bins.get(bin) ?? 0) + sign * calls);
      return bins;
    });
  }

  private async read<R extends Row>(
    points: readonly Point[],
    state: RollupState,
    wanted: Wanted,
    { text, values }: Statement,
  ): Promise<Read<R>> {
    const cubes = cubesOf(wanted);
    const { parts, uses } = partsOf(planSegments(points, state, [...cubes.keys()]));
    const numbered = parts.map((part, number) => ({ ...part, number }));
    const summed = numbered.filter(({ source }) => source !== 'calls');
    const raw = numbered.filter(({ source }) => source === 'calls');
    const rows = await this.database.query<R>(text, [
      summed.map(({ number }) => number),
      summed.map(({ source }) => cubes.get(source as Grain)),
      summed.map(({ source }) => GRAINS[source as Grain]),
      ...edgesOf(summed),
      raw.map(({ number }) => number),
      ...edgesOf(raw),
      ...values,
    ]);
    return { rows, uses };
  }
}

/** Rows of parts, and for which points each part counts. */
interface Read<R extends Row> {
  rows: R[];
  uses: Pick<Segment, 'point' | 'sign'>[][];
}

/** Each part once: the hours that are taken off a local day are those that are added to the one before. */
function partsOf(segments: readonly Segment[]): { parts: Segment[]; uses: Segment[][] } {
  const found = new Map<string, Segment[]>();
  for (const segment of segments) {
    const name = `${segment.source} ${segment.from} ${segment.to}`;
    const same = found.get(name);
    if (same === undefined) found.set(name, [segment]);
    else same.push(segment);
  }
  const uses = [...found.values()];
  return { parts: uses.map(([first]) => first!), uses };
}

function binsOf(array: string): [bin: number, calls: number][] {
  return array
    .slice(1, -1)
    .split(',')
    .map((text) => {
      const element = Number(text);
      const calls = element % CALLS_OF_ELEMENT;
      return [(element - calls) / CALLS_OF_ELEMENT, calls];
    });
}

export const edgesOf = (segments: readonly Segment[]): [Date[], Date[]] => [
  segments.map(({ from }) => new Date(from)),
  segments.map(({ to }) => new Date(to)),
];

function added<R extends Row, T>(
  { rows, uses }: Read<R>,
  add: (row: R, sign: 1 | -1, known: T | undefined) => T,
): ByPoint<T> {
  const points: ByPoint<T> = new Map();
  for (const row of rows) {
    for (const { point, sign } of uses[row.part]!) {
      const groups = points.get(point) ?? new Map<string | null, T>();
      points.set(point, groups.set(row.group, add(row, sign, groups.get(row.group))));
    }
  }
  return points;
}
