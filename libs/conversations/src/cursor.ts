import { badInput } from '@app/kernel';

export interface ListCursor {
  /** Microseconds since 1970, as exact as the database. */
  atMicros: number;
  id: number;
}

/** Year 2096: far away, and still exact as a number and valid as a timestamp. */
const MAX_MICROS = 4e15;

export const encodeCursor = (cursor: ListCursor): string =>
  Buffer.from(JSON.stringify([cursor.atMicros, cursor.id])).toString('base64url');

/** Reads back what `encodeCursor` made; anything else is a 422 on `cursor`. */
export function decodeCursor(text: string): ListCursor {
  try {
    const [atMicros, id] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [unknown, unknown];
    if (isWithin(atMicros, MAX_MICROS) && isWithin(id, Number.MAX_SAFE_INTEGER)) return { atMicros, id };
  } catch {
    // Not ours: answered below like every other bad cursor.
  }
  throw badInput('cursor', 'is not a cursor of this list. Leave it out for the first page.');
}

const isWithin = (value: unknown, max: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max;
