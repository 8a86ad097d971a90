/** Names of places, such as `Europe/Berlin`, and `UTC`; offsets such as `+02:00` are no time zone, because they know no summer time. */
const NAME = /^[A-Za-z][A-Za-z0-9_]*(?:[/+-][A-Za-z0-9_+-]+)*$/;
const DAY_MS = 86_400_000;
const KEPT = 50;

const formats = new Map<string, Intl.DateTimeFormat>();

export function isTimeZone(name: string): boolean {
  if (!NAME.test(name) || name.length > 60) return false;
  try {
    return formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

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
    second: '2-digit',
  });
  if (formats.size >= KEPT) formats.clear();
  formats.set(zone, made);
  return made;
}

/** How far the clocks of a place are ahead of UTC at an instant, in ms. */
export function offsetMs(zone: string, instantMs: number): number {
  const fields: Record<string, number> = {};
  const second = Math.floor(instantMs / 1000) * 1000;
  for (const { type, value } of formatOf(zone).formatToParts(second)) fields[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second: seconds = 0 } = fields;
  return Date.UTC(year, month - 1, day, hour, minute, seconds) - second;
}

/**
 * The instant at which the clocks of a place show `wallMs` (a wall time written as if it were UTC) for the first time. Where they skip it, the
 * instant of the skip: a day whose midnight does not exist begins at 01:00.
 */
export function instantOf(zone: string, wallMs: number): number {
  const before = offsetMs(zone, wallMs - DAY_MS);
  const after = offsetMs(zone, wallMs + DAY_MS);
  const found = [wallMs - before, wallMs - after]
    .filter((instant) => instant + offsetMs(zone, instant) === wallMs)
    .sort((a, b) => a - b);
  return found[0] ?? wallMs - before;
}
