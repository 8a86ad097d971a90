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
