/** Whether a day written as `2026-11-01` exists. `Date` takes the 31st of every month and means a day of the next one. */
export function isCalendarDay(day: string): boolean {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day);
}
