import { isCalendarDay } from './calendar';

describe('days of the calendar', () => {
  it.each(['2026-11-30', '2028-02-29', '2026-01-31'])('%s is one', (day) => {
    expect(isCalendarDay(day)).toBe(true);
  });

  it.each(['2026-11-31', '2026-02-29', '2026-13-01', '2026-00-10', 'yesterday', ''])('%j is none', (day) => {
    expect(isCalendarDay(day)).toBe(false);
  });
});
