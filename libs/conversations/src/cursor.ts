import { badInput } from '@app/kernel';

export interface ListCursor {
  at: string;
  id: number;
}

const TIMESTAMP = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?[+-]\d{2}(:\d{2})?$/;

export const encodeCursor = (cursor: ListCursor): string =>
  Buffer.from(JSON.stringify([cursor.at, cursor.id])).toString('base64url');

/** Reads back what `encodeCursor` made; anything else is a 422 on `cursor`. */
export function decodeCursor(text: string): ListCursor {
  try {
    const [at, id] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [unknown, unknown];
    if (
      typeof at === 'string' &&
      TIMESTAMP.test(at) &&
      !Number.isNaN(Date.parse(at)) &&
      typeof id === 'number' &&
      Number.isSafeInteger(id)
    ) {
      return { at, id };
    }
  } catch {
    // Not ours: answered below like every other bad cursor.
  }
  throw badInput('cursor', 'is not a cursor of this list. Leave it out for the first page.');
}
