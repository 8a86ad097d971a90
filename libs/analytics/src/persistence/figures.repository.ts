import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { planSegments, type RollupState } from '../rollups/segments';
import type { Point } from '../time/points';
import { cubesOf, latenciesStatement, type Statement, sumsStatement, type Wanted } from './figures.sql';
import { CUBES, type Figures, type Measure } from './measures';
import { added, type ByPoint, type PartRow, type Read, readParts } from './parts';

/** Calls by measured time (0 queue, 1 first token, 2 total) times 256 plus bin. */
export type Bins = Map<number, number>;

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
    const read = await this.read<PartRow & Figures<M>>(points, state, wanted, sumsStatement(wanted, measures));
    return added(read, (row, sign, known: Figures<M> | undefined) => {
      const sums = known ?? (Object.fromEntries(measures.map((measure) => [measure, 0])) as Figures<M>);
      for (const measure of measures) sums[measure] += sign * row[measure];
      return sums;
    });
  }

  async latencies(points: readonly Point[], state: RollupState, wanted: Wanted): Promise<ByPoint<Bins>> {
    const { rows, uses } = await this.read<PartRow & { bins: string }>(
      points,
      state,
      wanted,
      latenciesStatement(wanted),
    );
    const read = { rows: rows.map((row) => ({ ...row, bins: binsOf(row.bins) })), uses };
    return added(read, (row, sign, known: Bins | undefined) => {
      const bins = known ?? new Map<number, number>();
      for (const [bin, calls] of row.bins) bins.set(bin, (bins.get(bin) ?? 0) + sign * calls);
      return bins;
    });
  }

  private read<R extends PartRow>(
    points: readonly Point[],
    state: RollupState,
    wanted: Wanted,
    statement: Statement,
  ): Promise<Read<R>> {
    const cubes = cubesOf(CUBES, wanted);
    return readParts(this.database, planSegments(points, state, [...cubes.keys()]), cubes, statement);
  }
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
