import { instantOf, offsetMs } from './time-zone';

export const INTERVALS = ['hour', 'day', 'month', 'none'] as const;
export type Interval = (typeof INTERVALS)[number];

/** One point of a series: the half-open range from `from` to `to`, in epoch ms. */
export interface Point {
  from: number;
  to: number;
}

const HOUR_MS = 3_600_000;
/** Fewer than any month or day has: the next one is found from a moment that is surely in it. */
const SURELY_NEXT: Record<'day' | 'month', number> = { day: 36 * HOUR_MS, month: 40 * 24 * HOUR_MS };

/** When the hour, day or month began that an instant is in, by the clocks of a place. Hours are full ones of the offset in force. */
export function startOf(interval: Exclude<Interval, 'none'>, zone: string, instantMs: number): number {
  const offset = offsetMs(zone, instantMs);
  if (interval === 'hour') return Math.floor((instantMs + offset) / HOUR_MS) * HOUR_MS - offset;
  const wall = new Date(instantMs + offset);
  const day = interval === 'day' ? wall.getUTCDate() : 1;
  return instantOf(zone, Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), day));
}

/** When the next one begins. A day may have 23, 24 or 25 hours. */
export function endOf(interval: Exclude<Interval, 'none'>, zone: string, startMs: number): number {
  if (interval === 'hour') return startMs + HOUR_MS;
  return startOf(interval, zone, startMs + SURELY_NEXT[interval]);
}

/** Cuts a range at the hours, days or months of a place; the first and the last point may be shorter. One more than `most` means: too many. */
export function pointsOf(range: Point, interval: Interval, zone: string, most: number): Point[] {
  if (interval === 'none') return [range];
  const points: Point[] = [];
  let start = startOf(interval, zone, range.from);
  while (start < range.to && points.length <= most) {
    const end = endOf(interval, zone, start);
    points.push({ from: Math.max(start, range.from), to: Math.min(end, range.to) });
    start = end;
  }
  return points;
}

/** What people call a point: `2026-11`, `2026-11-21`, or `2026-11-21T14:00+05:30`. */
export function labelOf(point: Point, interval: Interval, zone: string): string {
  const offset = offsetMs(zone, point.from);
  const wall = new Date(point.from + offset).toISOString();
  if (interval === 'month') return wall.slice(0, 7);
  if (interval === 'day') return wall.slice(0, 10);
  const minutes = Math.abs(offset) / 60_000;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${wall.slice(0, 16)}${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}
