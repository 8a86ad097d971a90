import { badInput, isCalendarDay } from '@app/kernel';
import type { ReportQueryDto, Scope } from '../dto/report-query.dto';
import type { Group, Selection } from '../persistence/figures.sql';
import { endOf, type Interval, type Point, pointsOf, startOf } from '../time/points';
import { instantOf, isTimeZone } from '../time/time-zone';

/** A report that has been checked. */
export interface ReportRequest {
  scope: Scope;
  selection: Selection;
  range: Point;
  points: Point[];
  interval: Interval;
  timeZone: string;
  group: Group | null;
  /** How many groups are told apart. */
  most: number;
}

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
const MAX_RANGE_MS = 3_660 * DAY_MS;
/** Nothing was ever called before. */
const EARLIEST_MS = Date.UTC(2000, 0, 1);
const MAX_POINTS = 1000;
/** Points times groups: some 5 MB of JSON. */
const MAX_CELLS = 20_000;

/** Checks what a report is to be about, but not whether the caller may see it. @throws 422 that names the field and says what to do */
export function reportRequest(query: ReportQueryDto, scope: Scope, selection: Selection, nowMs: number): ReportRequest {
  const timeZone = query.time_zone ?? 'UTC';
  if (!isTimeZone(timeZone)) {
    throw badInput('time_zone', 'must be the name of a time zone of the IANA database, such as Europe/Berlin, or UTC.');
  }
  const range = rangeOf(query, timeZone, nowMs);
  const interval = query.interval ?? 'day';
  const points = pointsOf(range, interval, timeZone, MAX_POINTS);
  if (points.length > MAX_POINTS) {
    const coarser = interval === 'hour' ? 'day' : 'month';
    throw badInput(
      'interval',
      `gives more than ${MAX_POINTS} points. Ask for interval=${coarser}, or for a shorter range.`,
    );
  }
  const most = query.groups ?? 10;
  if (query.group_by !== undefined && points.length * (most + 1) > MAX_CELLS) {
    throw badInput(
      'groups',
      `with ${points.length} points may be at most ${Math.floor(MAX_CELLS / points.length) - 1}.`,
    );
  }
  return { scope, selection, range, points, interval, timeZone, group: query.group_by ?? null, most };
}

function rangeOf(query: ReportQueryDto, timeZone: string, nowMs: number): Point {
  const to = query.to === undefined ? nowMs : momentOf('to', query.to, timeZone);
  const from = query.from === undefined ? daysBefore(to, timeZone) : momentOf('from', query.from, timeZone);
  if (from >= to) throw badInput('from', 'must be before to (which is now when it is left out).');
  if (to - from > MAX_RANGE_MS) throw badInput('from', 'must be at most ten years before to.');
  return { from, to };
}

/** 30 days with the one that `to` is in. */
function daysBefore(to: number, timeZone: string): number {
  const today = startOf('day', timeZone, to - 1);
  return startOf('day', timeZone, today + DAY_MS / 2 - (DEFAULT_DAYS - 1) * DAY_MS);
}

function momentOf(field: 'from' | 'to', text: string, timeZone: string): number {
  const isWallTime = !/Z$|[+-]\d{2}:\d{2}$/.test(text.slice(10));
  const parsed = Date.parse(text.length === 10 ? `${text}T00:00Z` : isWallTime ? `${text}Z` : text);
  const isKnown = isCalendarDay(text.slice(0, 10)) && !Number.isNaN(parsed);
  if (!isKnown) throw badInput(field, 'is not a day or time that exists.');
  const instant = isWallTime ? instantOf(timeZone, parsed) : parsed;
  if (instant < EARLIEST_MS || instant > Date.UTC(2200, 0, 1)) {
    throw badInput(field, 'must be between 2000-01-01 and 2200-01-01.');
  }
  return instant;
}

/** The day and the month that a moment is in, up to their ends. */
export const currentPeriods = (timeZone: string, nowMs: number): { day: Point; month: Point } => {
  const period = (interval: 'day' | 'month'): Point => {
    const from = startOf(interval, timeZone, nowMs);
    return { from, to: endOf(interval, timeZone, from) };
  };
  return { day: period('day'), month: period('month') };
};
