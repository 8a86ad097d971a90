import { badInput, isCalendarDay } from '@app/kernel';

/** A day, or a moment with its zone. */
export const ISO_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;
export const ISO_TIME_TEXT = 'must be a day (2026-11-01, in UTC) or a time with its zone (2026-11-01T00:00:00Z)';

/** As OpenAI names them; other servers have names of their own. `auto` is only ever asked for. */
export const TIER_NAME = /^(?!auto$)[a-z0-9][a-z0-9_.-]{0,19}$/;
export const TIER_TEXT =
  'must be a service tier as the upstream reports it, such as default, flex or priority (lower case, up to 20 characters)';

const EARLIEST = Date.UTC(2020, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

/** A time that calls can have, from 2020 to 2099. @throws 422 on the field */
export function timeIn(field: string, text: string): Date {
  const time = new Date(text);
  const ms = time.getTime();
  if (isCalendarDay(text.slice(0, 10)) && ms >= EARLIEST && ms < LATEST) return time;
  throw badInput(field, 'must be a date that exists, from 2020 to 2099.');
}
