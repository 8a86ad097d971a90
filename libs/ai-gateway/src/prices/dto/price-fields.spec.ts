import { timeIn } from './price-fields';

describe('the time from which a price holds', () => {
  it.each([
    ['2026-11-01', '2026-11-01T00:00:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
    ['2026-11-01T00:30:00+02:00', '2026-10-31T22:30:00.000Z'],
  ])('%s is one', (text, time) => {
    expect(timeIn('effective_from', text).toISOString()).toBe(time);
  });

  it.each(['2026-02-31', '2026-11-31T00:00:00Z', '2026-13-01', '2019-12-31', '2100-01-01'])(
    '%s is refused, and not taken for another day',
    (text) => {
      expect(() => timeIn('effective_from', text)).toThrow('effective_from: must be a date that exists');
    },
  );
});
