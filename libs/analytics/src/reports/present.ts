import type { ReportResponse } from '../dto/report.response';
import { labelOf } from '../time/points';
import type { ReportRequest } from './report-request';
import type { Reading } from './report-reader';

interface PointHead {
  start: string;
  end: string;
  label: string;
  group: string | null;
}

/** The answer that all reports have in common; `of` makes what is told of the figures of a number of days. */
export function present<T, F extends object>(
  request: ReportRequest,
  reading: Reading<T>,
  of: (figures: T, days: number) => F,
): ReportResponse & { totals: F; groups: (F & { group: string })[]; series: (PointHead & F)[] } {
  const { range, points, interval, timeZone } = request;
  const time = (ms: number): string => new Date(ms).toISOString();
  const days = ({ from, to }: { from: number; to: number }): number => (to - from) / 86_400_000;
  return {
    scope: request.scope,
    from: time(range.from),
    to: time(range.to),
    interval,
    time_zone: timeZone,
    group_by: request.group,
    groups_left_out: reading.groupsLeftOut,
    totals: of(reading.totals, days(range)),
    groups: reading.groups.map(({ group, figures }) => ({ group: group!, ...of(figures, days(range)) })),
    series: reading.series.map(({ point, group, figures }) => {
      const at = points[point]!;
      const head = { start: time(at.from), end: time(at.to), label: labelOf(at, interval, timeZone), group };
      return { ...head, ...of(figures, days(at)) };
    }),
  };
}

/** @returns null where there is nothing to divide by */
export const ratio = (value: number, by: number): number | null => (by === 0 ? null : value / by);

export const usd = (micros: number): number => micros / 1_000_000;
