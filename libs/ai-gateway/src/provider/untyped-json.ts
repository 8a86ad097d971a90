import { storable } from '@app/kernel';

/** Reads JSON of which nothing may be assumed: upstreams differ, and so do their versions. */
export type JsonObject = Record<string, unknown>;

/** The value as an object, or null when it is anything else (arrays included). */
export function objectOf(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** The value as a list; anything else is an empty one. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** The value as a string, or null. */
export function stringOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The value as a name that can be stored, or null; an empty one names nothing. */
export const nameOf = (value: unknown): string | null => (typeof value === 'string' && storable(value)) || null;

/** A count of tokens: a whole number from 0 on, else null. */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** Parses JSON; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
