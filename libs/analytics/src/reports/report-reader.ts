import { Injectable } from '@nestjs/common';
import type { Wanted } from '../persistence/figures.sql';
import type { ByPoint } from '../persistence/parts';
import { SnapshotRepository } from '../persistence/snapshot.repository';
import type { RollupState } from '../rollups/segments';
import type { Point } from '../time/points';
import type { ReportRequest } from './report-request';

/** How the figures of one report are read and put together. */
export interface FigureSource<T> {
  read(points: readonly Point[], state: RollupState, wanted: Wanted): Promise<ByPoint<T>>;
  empty(): T;
  /** Groups with a high rank are told, those with a low one are `other`. */
  rank(figures: T): number;
  /** The ranks of all groups, where the figures themselves are too much to read of all of them. */
  ranks?(range: Point, state: RollupState, wanted: Wanted): Promise<Map<string | null, number>>;
  /** `a` plus `sign` times `b`. Left out where figures do not add up: then there is no `other`, and the whole is read for itself. */
  add?(a: T, b: T, sign: 1 | -1): T;
  /** The whole is read for itself although figures add up, because that tells more. */
  isWholeRead?: boolean;
}

export interface Told<T> {
  group: string | null;
  figures: T;
}

export interface Reading<T> {
  totals: T;
  groups: Told<T>[];
  series: (Told<T> & { point: number })[];
  /** How many groups are in `other`, or not told at all. */
  groupsLeftOut: number;
}

/** The group of all that are not told apart. */
export const OTHER = 'other';

@Injectable()
export class ReportReader {
  constructor(private readonly snapshots: SnapshotRepository) {}

  /** Reads all parts of a report at one moment of the ledger, and what else `more` reads. */
  async read<T>(
    request: ReportRequest,
    source: FigureSource<T>,
    more: (state: RollupState) => Promise<void> = () => Promise.resolve(),
  ): Promise<Reading<T>> {
    return this.snapshots.read(async () => {
      const state = await this.snapshots.state(request.range);
      const reading = await this.reading(request, state, source);
      await more(state);
      return reading;
    });
  }

  private async reading<T>(request: ReportRequest, state: RollupState, source: FigureSource<T>): Promise<Reading<T>> {
    const { points, range, selection, group } = request;
    const isOnePoint = points.length === 1;
    const at = (found: ByPoint<T>, point: number): T => found.get(point)?.get(null) ?? source.empty();
    const all = await source.read(points, state, { selection, group: null });
    const byPoint = points.map((_, point) => at(all, point));
    const totals =
      isOnePoint || (source.add !== undefined && source.isWholeRead !== true)
        ? byPoint.slice(1).reduce((sum, figures) => source.add!(sum, figures, 1), byPoint[0]!)
        : at(await source.read([range], state, { selection, group: null }), 0);
    if (group === null) {
      const series = byPoint.map((figures, point) => ({ point, group: null, figures }));
      return { totals, groups: [], series, groupsLeftOut: 0 };
    }
    const { among, all: known, groupsLeftOut } = await this.highest(request, state, source);
    const wanted = { selection, group, among: groupsLeftOut > 0 ? among : undefined };
    const whole = known ?? (await source.read([range], state, wanted)).get(0);
    const told = among.map((name) => ({ group: name, figures: whole?.get(name) ?? source.empty() }));
    const isWithOther = groupsLeftOut > 0 && source.add !== undefined;
    const withOther = (groups: Told<T>[], whole: T): Told<T>[] => {
      if (!isWithOther) return groups;
      const figures = groups.reduce((rest, one) => source.add!(rest, one.figures, -1), whole);
      return [...groups, { group: OTHER, figures }];
    };
    const each = isOnePoint
      ? new Map([[0, new Map(told.map(({ group: name, figures }) => [name, figures]))]])
      : await source.read(points, state, wanted);
    const series = points.flatMap((_, point) => {
      const here = each.get(point);
      const groups = told.flatMap(({ group: name }) => {
        const figures = here?.get(name);
        return figures === undefined ? [] : [{ group: name, figures }];
      });
      return withOther(groups, byPoint[point]!).map((one) => ({ ...one, point }));
    });
    return { totals, groups: withOther(told, totals), series, groupsLeftOut };
  }

  /** The names of the groups to tell, and their figures where those had to be read to know them. */
  private async highest<T>(
    { range, selection, group, most }: ReportRequest,
    state: RollupState,
    source: FigureSource<T>,
  ): Promise<{ among: string[]; all?: Map<string | null, T> | undefined; groupsLeftOut: number }> {
    const ranks = await source.ranks?.(range, state, { selection, group });
    const all = ranks === undefined ? (await source.read([range], state, { selection, group })).get(0) : undefined;
    const rankOf = ranks ?? new Map([...(all ?? [])].map(([name, figures]) => [name, source.rank(figures)]));
    const ranked = [...rankOf].sort(([a, x], [b, y]) => y - x || (String(a) < String(b) ? -1 : 1));
    const among = ranked.slice(0, most).map(([name]) => String(name));
    return { among, all, groupsLeftOut: ranked.length - among.length };
  }
}
