import { afterOpenTime, isOpenAt, isTimeZone } from './business-hours';
import type { BusinessHours } from './rule-set';

const weekdays = (from: string, to: string): BusinessHours['weekly'] =>
  [1, 2, 3, 4, 5].map((day) => ({ day, from, to }));
const berlin: BusinessHours = {
  time_zone: 'Europe/Berlin',
  weekly: weekdays('09:00', '17:00'),
  holidays: ['2026-12-25'],
};

describe('business hours', () => {
  it.each([
    // Winter: UTC+1. 2026-11-23 is a Monday.
    ['2026-11-23T07:59:59Z', false],
    ['2026-11-23T08:00:00Z', true],
    ['2026-11-23T15:59:59Z', true],
    ['2026-11-23T16:00:00Z', false],
    // Summer: UTC+2.
    ['2026-07-06T07:00:00Z', true],
    ['2026-07-06T15:00:00Z', false],
    ['2026-11-22T10:00:00Z', false],
    // A Friday that is a holiday.
    ['2026-12-25T10:00:00Z', false],
  ])('at %s in Berlin: %s', (at, expected) => {
    expect(isOpenAt(berlin, new Date(at))).toBe(expected);
  });

  it('always, without business hours', () => {
    expect(isOpenAt(null, new Date())).toBe(true);
  });

  it('a shift over midnight belongs to the day on which it begins, its holiday too', () => {
    const night: BusinessHours = {
      time_zone: 'UTC',
      weekly: [{ day: 5, from: '22:00', to: '06:00' }],
      holidays: ['2026-12-25'],
    };
    expect(isOpenAt(night, new Date('2026-11-20T23:00:00Z'))).toBe(true);
    expect(isOpenAt(night, new Date('2026-11-21T05:59:00Z'))).toBe(true);
    expect(isOpenAt(night, new Date('2026-11-21T06:00:00Z'))).toBe(false);
    expect(isOpenAt(night, new Date('2026-11-20T05:00:00Z'))).toBe(false);
    expect(isOpenAt(night, new Date('2026-12-26T03:00:00Z'))).toBe(false);
  });

  it('up to 24:00, and all day', () => {
    const late: BusinessHours = { time_zone: 'UTC', weekly: [{ day: 1, from: '00:00', to: '24:00' }], holidays: [] };
    expect(isOpenAt(late, new Date('2026-11-23T23:59:59Z'))).toBe(true);
    expect(isOpenAt(late, new Date('2026-11-24T00:00:00Z'))).toBe(false);
  });

  const HOUR_MS = 3_600_000;
  const after = (hours: BusinessHours | null, at: string, waitMs: number): string | undefined =>
    afterOpenTime(hours, new Date(at), waitMs)?.toISOString();

  it('says when people are there again, to the minute', () => {
    expect(after(berlin, '2026-11-20T18:00:00Z', 0)).toBe('2026-11-23T08:00:00.000Z');
    expect(after(berlin, '2026-11-23T10:00:30Z', 0)).toBe('2026-11-23T10:00:30.000Z');
    const odd: BusinessHours = { ...berlin, weekly: [{ day: 1, from: '09:07', to: '09:09' }] };
    expect(after(odd, '2026-11-20T18:00:00Z', 0)).toBe('2026-11-23T08:07:00.000Z');
    expect(after({ ...berlin, weekly: [] }, '2026-11-20T18:00:00Z', 0)).toBeUndefined();
  });

  it.each([
    ['all of it today', '2026-11-23T08:00:00Z', 2, '2026-11-23T10:00:00.000Z'],
    ['the rest of it tomorrow', '2026-11-23T15:30:00Z', 2, '2026-11-24T09:30:00.000Z'],
    ['up to the last minute is tomorrow', '2026-11-23T15:00:00Z', 1, '2026-11-24T08:00:00.000Z'],
    ['over the weekend', '2026-11-20T15:00:00Z', 3, '2026-11-23T10:00:00.000Z'],
    ['from a Saturday on', '2026-11-21T12:00:00Z', 8.5, '2026-11-24T08:30:00.000Z'],
    ['not on a holiday', '2026-12-24T15:00:00Z', 2, '2026-12-28T09:00:00.000Z'],
    // Clocks go back in the night from 24 to 25 October 2026.
    ['into winter time', '2026-10-23T14:00:00Z', 2, '2026-10-26T09:00:00.000Z'],
  ])('counts only the hours in which people are there: %s', (_, at, hours, expected) => {
    expect(after(berlin, at, hours * HOUR_MS)).toBe(expected);
  });

  it('counts a night once, and overlapping shifts once', () => {
    const nights: BusinessHours = {
      time_zone: 'UTC',
      weekly: [
        { day: 5, from: '22:00', to: '06:00' },
        { day: 5, from: '20:00', to: '23:00' },
        { day: 6, from: '05:00', to: '07:00' },
      ],
      holidays: [],
    };
    expect(after(nights, '2026-11-20T21:00:00Z', 9 * HOUR_MS)).toBe('2026-11-21T06:00:00.000Z');
    expect(after(nights, '2026-11-21T03:00:00Z', 0)).toBe('2026-11-21T03:00:00.000Z');
    expect(after(nights, '2026-11-21T03:00:00Z', 5 * HOUR_MS)).toBe('2026-11-27T21:00:00.000Z');
  });

  it('everything it says is in the hours, whatever the place', () => {
    for (const zone of [
      'Asia/Kolkata',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'Pacific/Chatham',
      'America/New_York',
    ]) {
      const hours: BusinessHours = { ...berlin, time_zone: zone };
      for (let day = 0; day < 366; day += 1) {
        const at = new Date(Date.UTC(2026, 0, 1 + day, day % 24, (day * 7) % 60));
        const opening = afterOpenTime(hours, at, 0)!;
        expect(isOpenAt(hours, opening)).toBe(true);
        if (opening > at) expect(isOpenAt(hours, new Date(opening.getTime() - 1))).toBe(false);
        expect(isOpenAt(hours, afterOpenTime(hours, at, 20 * HOUR_MS)!)).toBe(true);
      }
    }
  });

  it('without business hours the clock counts', () => {
    expect(after(null, '2026-11-21T03:00:00Z', HOUR_MS)).toBe('2026-11-21T04:00:00.000Z');
  });

  it('knows the names of places, and no offsets', () => {
    expect(['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires'].map(isTimeZone)).toEqual([true, true, true]);
    expect(['+02:00', 'Mars/Base', '', 'x'.repeat(61)].map(isTimeZone)).toEqual([false, false, false, false]);
  });
});
