import { labelOf, pointsOf } from './points';
import { instantOf, isTimeZone } from './time-zone';

const utc = (text: string): number => Date.parse(text);
const HOUR_MS = 3_600_000;

describe('time zones', () => {
  it.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata', 'Etc/GMT+5'])(
    '%s is one',
    (name) => {
      expect(isTimeZone(name)).toBe(true);
    },
  );

  it.each(['', '+02:00', 'Berlin', 'Europe/Atlantis', 'Europe/Berlin\0', "'; DROP TABLE x", 'x'.repeat(61)])(
    '%j is none',
    (name) => {
      expect(isTimeZone(name)).toBe(false);
    },
  );

  it('a wall time that comes twice is the first one, and one that is skipped is the moment of the skip', () => {
    expect(instantOf('Europe/Berlin', utc('2026-10-25T02:30:00Z'))).toBe(utc('2026-10-25T00:30:00Z'));
    expect(instantOf('Europe/Berlin', utc('2026-03-29T02:00:00Z'))).toBe(utc('2026-03-29T01:00:00Z'));
    // Midnight did not exist in Beirut on that day.
    expect(instantOf('Asia/Beirut', utc('2025-03-30T00:00:00Z'))).toBe(utc('2025-03-29T22:00:00Z'));
  });
});

describe('the points of a series', () => {
  const hoursOf = (zone: string, from: string, to: string): number[] =>
    pointsOf({ from: utc(from), to: utc(to) }, 'day', zone, 100).map((point) => (point.to - point.from) / HOUR_MS);

  it('days have 23, 24 or 25 hours', () => {
    expect(hoursOf('Europe/Berlin', '2026-03-27T23:00Z', '2026-03-30T22:00Z')).toEqual([24, 23, 24]);
    expect(hoursOf('Europe/Berlin', '2026-10-23T22:00Z', '2026-10-26T23:00Z')).toEqual([24, 25, 24]);
    expect(hoursOf('Asia/Beirut', '2025-03-28T22:00Z', '2025-03-30T21:00Z')).toEqual([24, 23]);
  });

  it('the first and the last one end where the range does', () => {
    expect(pointsOf({ from: utc('2026-05-10T12:00Z'), to: utc('2026-07-02T00:00Z') }, 'month', 'UTC', 100)).toEqual([
      { from: utc('2026-05-10T12:00Z'), to: utc('2026-06-01T00:00Z') },
      { from: utc('2026-06-01T00:00Z'), to: utc('2026-07-01T00:00Z') },
      { from: utc('2026-07-01T00:00Z'), to: utc('2026-07-02T00:00Z') },
    ]);
  });

  it('they follow each other without gaps, and stop one after the most that are wanted', () => {
    const points = pointsOf(
      { from: utc('2020-01-01T00:00Z'), to: utc('2026-01-01T00:00Z') },
      'hour',
      'Asia/Kolkata',
      1000,
    );
    expect(points).toHaveLength(1001);
    points.slice(1).forEach((point, place) => expect(point.from).toBe(points[place]!.to));
  });

  it('they are called as the place calls them', () => {
    const at = (from: string): { from: number; to: number } => ({ from: utc(from), to: utc(from) + HOUR_MS });
    expect(labelOf(at('2026-11-20T23:00Z'), 'day', 'Europe/Berlin')).toBe('2026-11-21');
    expect(labelOf(at('2026-11-30T23:00Z'), 'month', 'Europe/Berlin')).toBe('2026-12');
    expect(labelOf(at('2026-11-21T08:30Z'), 'hour', 'Asia/Kolkata')).toBe('2026-11-21T14:00+05:30');
    expect(labelOf(at('2026-11-21T08:30Z'), 'hour', 'America/St_Johns')).toBe('2026-11-21T05:00-03:30');
  });
});
