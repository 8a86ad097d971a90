import { createHash } from 'node:crypto';
import { storable } from '@app/kernel';

/** Something of which nothing is known yet. */
export type Json = Record<string, unknown>;

export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function recordIn(from: unknown, name: string): Json | null {
  const value = isRecord(from) ? from[name] : undefined;
  return isRecord(value) ? value : null;
}

/** The objects of a list; whatever else is in it is left out. */
export function recordsIn(from: unknown, name: string): Json[] {
  const value = isRecord(from) ? from[name] : undefined;
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** A text that is not empty, as the database can store it, cut at `maxLength` UTF-16 units. */
export function textIn(from: unknown, name: string, maxLength = 32_000): string | null {
  const value = isRecord(from) ? from[name] : undefined;
  if (typeof value !== 'string' || value.trim() === '') return null;
  return storable(value.slice(0, maxLength));
}

/** A number, also one that is written as a text, as Meta does now and then. */
export function numberIn(from: unknown, name: string): number | null {
  const value = isRecord(from) ? from[name] : undefined;
  const number = typeof value === 'string' && /^-?\d{1,15}(\.\d{1,10})?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/** Longest id that is stored as it is. */
const MAX_ID = 250;

/** An id of Meta's; one that is too long is replaced by its hash, which is as unique. */
export function idIn(from: unknown, name: string): string | null {
  const value = isRecord(from) ? from[name] : undefined;
  const id = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof id !== 'string' || id.trim() === '') return null;
  return id.length <= MAX_ID ? storable(id) : `sha256:${createHash('sha256').update(id).digest('hex')}`;
}

/** For what has no id: the same thing has the same one. */
export const hashId = (kind: string, value: unknown): string =>
  `${kind}:${createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('hex')}`;

/** Before that neither door existed. */
const EARLIEST = Date.UTC(2015, 0, 1);
const DAY_MS = 86_400_000;

/** Seconds or milliseconds since 1970, as a number or a text, or an ISO 8601 text; null when it makes no sense, such as a clock that runs a day ahead. */
export function timeIn(from: unknown, name: string): Date | null {
  const text = isRecord(from) && typeof from[name] === 'string' ? from[name] : '';
  const number = numberIn(from, name);
  // In seconds, all times of this century are below 1e10.
  const ms = number === null ? Date.parse(text.slice(0, 40)) : number < 1e10 ? number * 1000 : number;
  return ms >= EARLIEST && ms <= Date.now() + DAY_MS ? new Date(ms) : null;
}
