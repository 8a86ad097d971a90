import * as fc from 'fast-check';
import { HOUR_MS, planSegments, type Source } from './segments';

const START = Date.UTC(2026, 0, 1);
const HOURS = 90 * 24;

const hours = fc.integer({ min: 0, max: HOURS - 1 }).map((hour) => START + hour * HOUR_MS);
const moment = fc.integer({ min: 0, max: HOURS * 60 }).map((minute) => START + minute * 60_000);

const SOURCES: Exclude<Source, 'calls'>[][] = [['month', 'day', 'hour'], ['month', 'day'], ['hour'], ['quarter']];

describe('the parts that a range is added up from', () => {
  it.each(SOURCES)(
    'make the range, each minute once, and take sums only where they are up to date: %s %s %s',
    (...sources) => {
      fc.assert(
        fc.property(moment, moment, moment, fc.array(hours, { maxLength: 8 }), (a, b, frontierMoment, marked) => {
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          const frontier = Math.floor(frontierMoment / HOUR_MS) * HOUR_MS;
          const state = { frontier, markedHours: new Set(marked), markedMonths: new Set<number>() };
          const segments = planSegments([{ from, to }], state, sources.filter(Boolean));
          const length = segments.reduce((sum, { sign, from: since, to: until }) => sum + sign * (until - since), 0);
          expect(length).toBe(to - from);
          for (const segment of segments) {
            if (segment.source === 'calls') continue;
            expect(segment.to).toBeLessThanOrEqual(frontier);
            for (const hour of marked) {
              const isTouched = segment.from < hour + HOUR_MS && segment.to > hour;
              expect(isTouched).toBe(false);
            }
          }
          // Each minute counts once within the range and not at all outside.
          for (const probe of [from, to - 60_000, to, from - 60_000, (from + to) / 2, ...marked]) {
            const covered = segments
              .filter(({ from: since, to: until }) => since <= probe && probe < until)
              .reduce((sum, { sign }) => sum + sign, 0);
            expect(covered).toBe(from <= probe && probe < to ? 1 : 0);
          }
        }),
      );
    },
  );

  it('a year of days in New York takes no more than the days and the hours that they are off', () => {
    const days = Array.from({ length: 80 }, (_, day) => ({
      from: START + (day * 24 + 5) * HOUR_MS,
      to: START + (day * 24 + 29) * HOUR_MS,
    }));
    const state = {
      frontier: START + HOURS * HOUR_MS,
      markedHours: new Set<number>(),
      markedMonths: new Set<number>(),
    };
    const segments = planSegments(days, state, ['month', 'day', 'hour']);
    expect(segments).toHaveLength(3 * 80);
    const read = segments.filter(({ source }) => source === 'hour').reduce((sum, { from, to }) => sum + to - from, 0);
    expect(read / HOUR_MS).toBe(10 * 80);
  });

  it('a month whose sums are out of date is added up from its days', () => {
    const march = { from: Date.UTC(2026, 2, 1), to: Date.UTC(2026, 3, 1) };
    const state = {
      frontier: Date.UTC(2026, 5, 1),
      markedHours: new Set<number>(),
      markedMonths: new Set([march.from]),
    };
    expect(planSegments([march], state, ['month', 'day'])).toEqual([{ point: 0, source: 'day', sign: 1, ...march }]);
  });
});
