import type { BusinessHours } from './rule-set';

const KEPT_ZONES = 200;
const MINUTES_PER_DAY = 1440;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  if (formats.size >= KEPT_ZONES) formats.clear();
  formats.set(zone, made);
  return made;
}

const NAME = /^[A-Za-z][A-Za-z0-9_]*(?:[/+-][A-Za-z0-9_+-]+)*$/;

/** A name of the IANA database; offsets such as `+02:00` are none, because they know no summer time. */
export function isTimeZone(name: string): boolean {
  if (name.length > 60 || !NAME.test(name)) return false;
  try {
    return formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

/** What clocks and calendars show at a place. */
interface LocalTime {
  /** `YYYY-MM-DD` */
  date: string;
  /** 1 is Monday. */
  day: number;
  /** Since midnight, as the clock shows it. */
  minute: number;
}

function localTime(zone: string, at: Date): LocalTime {
  const parts: Record<string, string> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) parts[type] = value;
  const date = `${parts.year}-${parts.month}-${parts.day}`;
  return { date, day: dayOf(date), minute: Number(parts.hour) * 60 + Number(parts.minute) };
}

const dayOf = (date: string): number => ((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
const daysLater = (date: string, days: number): string =>
  new Date(new Date(`${date}T00:00:00Z`).getTime() + days * DAY_MS).toISOString().slice(0, 10);
const dayBefore = (date: string): string => daysLater(date, -1);
const dayAfter = (date: string): string => daysLater(date, 1);

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** Whether people are there: by the clock of the place, so that summer time needs nothing. A shift over midnight belongs to the day on which it begins. */
export function isOpenAt(hours: BusinessHours | null, at: Date): boolean {
  if (hours === null) return true;
  const now = localTime(hours.time_zone, at);
  const yesterday = dayBefore(now.date);
  return hours.weekly.some(({ day, from, to }) => {
    const begins = minuteOf(from);
    const length = minuteOf(to) - begins;
    const ends = begins + (length > 0 ? length : length + MINUTES_PER_DAY);
    const isOn = (date: string, minute: number): boolean =>
      day === dayOf(date) && !hours.holidays.includes(date) && begins <= minute && minute < ends;
    return isOn(now.date, now.minute) || isOn(yesterday, now.minute + MINUTES_PER_DAY);
  });
}

/** So far ahead: a week's promise, where people are there for an hour a day, is kept within half of it. */
const MAX_DAYS = 366;

/**
 * When people will have been there for so long from `at` on: what is promised, counted in their time. `at` itself, when nothing is left to wait for.
 * @param waitMs 0: when they are there again
 * @returns null: not within a year
 */
export function afterOpenTime(hours: BusinessHours | null, at: Date, waitMs: number): Date | null {
  if (hours === null) return new Date(at.getTime() + waitMs);
  let from = at.getTime();
  let leftMs = waitMs;
  // A shift over midnight may have begun yesterday.
  let date = dayBefore(localTime(hours.time_zone, at).date);
  for (let day = 0; day <= MAX_DAYS; day += 1, date = dayAfter(date)) {
    for (const { begins, ends } of shiftsOf(hours, date)) {
      if (ends <= from) continue;
      from = Math.max(from, begins);
      if (from + leftMs < ends) return new Date(from + leftMs);
      leftMs -= ends - from;
      from = ends;
    }
  }
  return null;
}

/** The stretches that begin on a day, in their order, as instants. */
function shiftsOf(
  { time_zone: zone, weekly, holidays }: BusinessHours,
  date: string,
): { begins: number; ends: number }[] {
  if (holidays.includes(date)) return [];
  const day = dayOf(date);
  return weekly
    .filter((shift) => shift.day === day)
    .map(({ from, to }) => {
      const isOverMidnight = minuteOf(to) <= minuteOf(from);
      return {
        begins: instantOf(zone, date, minuteOf(from)),
        ends: instantOf(zone, isOverMidnight ? dayAfter(date) : date, minuteOf(to)),
      };
    })
    .toSorted((a, b) => a.begins - b.begins);
}

/** When clocks of a place show this. An hour that summer time leaves out is the one after it. */
function instantOf(zone: string, date: string, minute: number): number {
  const shown = new Date(`${date}T00:00:00Z`).getTime() + minute * MINUTE_MS;
  const first = shown - aheadMs(zone, shown);
  return shown - aheadMs(zone, first);
}

/** How far clocks of a place are ahead of UTC. */
function aheadMs(zone: string, instant: number): number {
  const { date, minute } = localTime(zone, new Date(instant));
  return new Date(`${date}T00:00:00Z`).getTime() + minute * MINUTE_MS - Math.floor(instant / MINUTE_MS) * MINUTE_MS;
}
