import { badInput } from '@app/kernel';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** The `Idempotency-Key` header: 1–255 visible ASCII characters, or not there. */
export function idempotencyKeyOf(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header === 'string' && KEY.test(header)) return header;
  throw badInput('Idempotency-Key', 'must be 1 to 255 visible ASCII characters.');
}

/** Whether `Prefer: respond-async` (RFC 7240) asks not to wait for the reply. */
export const wantsAsync = (header: string | string[] | undefined): boolean =>
  String(header ?? '')
    .split(',')
    .some((preference) => preference.trim().toLowerCase() === 'respond-async');

/** Whether the client wants server-sent events: it names them and does not rule them out with `q=0`. */
export const wantsEvents = (header: string | string[] | undefined): boolean =>
  String(header ?? '')
    .toLowerCase()
    .split(',')
    .some((range) => /^\s*text\/event-stream\s*(?:;|$)/.test(range) && !/;\s*q=0(?:\.0*)?\s*$/.test(range));

/** Number of the last event that a reader knows, from the header `Last-Event-ID` or else the query `after`; 0 for none. */
export function lastEventOf(header: string | string[] | undefined, after: number | undefined): number {
  if (header === undefined || header === '') return after ?? 0;
  if (typeof header === 'string' && /^[0-9]{1,9}$/.test(header)) return Number(header);
  throw badInput(
    'Last-Event-ID',
    'must be the id of an event of this turn, a whole number. Leave it out to get everything.',
  );
}
