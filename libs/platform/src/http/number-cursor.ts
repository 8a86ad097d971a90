import { badInput } from '@app/kernel';

/** For lists that run down a number (an id, a version); the cursor is the last one seen. */
export const encodeCursor = (last: number): string => Buffer.from(JSON.stringify([last])).toString('base64url');

/** Reads back what `encodeCursor` made; anything else is a 422 on `cursor`. */
export function decodeCursor(text: string): number {
  const match = /^\[(\d{1,16})\]$/.exec(Buffer.from(text, 'base64url').toString('utf8'));
  const last = Number(match?.[1]);
  if (Number.isSafeInteger(last)) return last;
  throw badInput('cursor', 'is not a cursor of this list. Leave it out for the first page.');
}

export interface Page<T> {
  items: T[];
  hasMore: boolean;
  nextCursor: string | null;
}

/** Makes a page of at most `limit` items out of up to one more. */
export function toPage<T>(found: T[], limit: number, keyOf: (item: T) => number): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  const hasMore = found.length > limit;
  return { items, hasMore, nextCursor: hasMore && last !== undefined ? encodeCursor(keyOf(last)) : null };
}
