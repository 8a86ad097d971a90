import type { Point } from '../time/points';

/** What is read: the ledger itself, or sums of quarters of an hour, hours, days or months (UTC). */
export type Source = 'calls' | 'quarter' | 'hour' | 'day' | 'month';

/** A part of a point that is read from one source; with sign -1 it is taken off again. */
export interface Segment {
  point: number;
  source: Source;
  sign: 1 | -1;
  from: number;
  to: number;
}

/** What is summed up: everything before `frontier` but for the marked hours and months (their beginnings, epoch ms). */
export interface RollupState {
  frontier: number;
  markedHours: ReadonlySet<number>;
  markedMonths: ReadonlySet<number>;
}

export const QUARTER_MS = 900_000;
export const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const FLOORS: Record<Exclude<Source, 'calls'>, (instant: number) => number> = {
  quarter: (instant) => Math.floor(instant / QUARTER_MS) * QUARTER_MS,
  hour: (instant) => Math.floor(instant / HOUR_MS) * HOUR_MS,
  day: (instant) => Math.floor(instant / DAY_MS) * DAY_MS,
  month: (instant) => monthStart(instant, 0),
};
const NEXT: Record<Exclude<Source, 'calls'>, (start: number) => number> = {
  quarter: (start) => start + QUARTER_MS,
  hour: (start) => start + HOUR_MS,
  day: (start) => start + DAY_MS,
  month: (start) => monthStart(start, 1),
};

export function monthStart(instant: number, plus: number): number {
  const date = new Date(instant);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + plus, 1);
}

/**
 * How to add up each point from the fewest sums: whole months, days and hours where they are up to date, the ledger for the rest. What covers more
 * than half of a sum is read as that sum less the remainder, so days of other time zones need few hours.
 * @param sources from coarse to fine, without `calls`
 */
export function planSegments(
  points: readonly Point[],
  state: RollupState,
  sources: readonly Exclude<Source, 'calls'>[],
): Segment[] {
  const isUpToDate = upToDate(state);
  const segments: Segment[] = [];

  const add = (point: number, source: Source, sign: 1 | -1, from: number, to: number): void => {
    const last = segments.at(-1);
    if (last?.point === point && last.source === source && last.sign === sign && last.to === from) last.to = to;
    else segments.push({ point, source, sign, from, to });
  };

  const cover = (point: number, sign: 1 | -1, from: number, to: number, level: number): void => {
    const source = sources[level];
    if (from >= to) return;
    if (source === undefined) return add(point, 'calls', sign, from, to);
    for (let start = FLOORS[source](from); start < to; start = NEXT[source](start)) {
      const end = NEXT[source](start);
      const [first, last] = [Math.max(start, from), Math.min(end, to)];
      const covered = last - first;
      // Activity cannot be taken off again, so its quarters are read whole or not at all.
      const isMostly = source === 'quarter' ? covered === end - start : covered * 2 > end - start;
      if (!isMostly || !isUpToDate(source, start, end)) {
        cover(point, sign, first, last, level + 1);
        continue;
      }
      add(point, source, sign, start, end);
      const opposite = sign === 1 ? -1 : 1;
      cover(point, opposite, start, first, level + 1);
      cover(point, opposite, last, end, level + 1);
    }
  };

  points.forEach(({ from, to }, point) => {
    const summedUntil = Math.min(Math.max(state.frontier, from), to);
    cover(point, 1, from, summedUntil, 0);
    if (summedUntil < to) add(point, 'calls', 1, summedUntil, to);
  });
  return segments;
}

function upToDate(state: RollupState): (source: Exclude<Source, 'calls'>, start: number, end: number) => boolean {
  const markedDays = new Set([...state.markedHours].map(FLOORS.day));
  const markedMonths = new Set([...state.markedMonths, ...[...state.markedHours].map(FLOORS.month)]);
  return (source, start, end) => {
    if (end > state.frontier) return false;
    if (source === 'month') return !markedMonths.has(start);
    if (source === 'day') return !markedDays.has(start);
    return !state.markedHours.has(FLOORS.hour(start));
  };
}
