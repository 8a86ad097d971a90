import { IsFreeJson } from '@app/platform';

interface PairBounds {
  maxPairs: number;
  maxKeyLength: number;
  maxValueLength: number;
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function pairsProblem(value: unknown, { maxPairs, maxKeyLength, maxValueLength }: PairBounds): string | null {
  if (!isPlainObject(value)) return 'must be an object whose values are strings';
  const pairs = Object.entries(value);
  if (pairs.length > maxPairs) return `must not have more than ${maxPairs} pairs`;
  if (pairs.some(([key]) => key.length < 1 || key.length > maxKeyLength)) {
    return `must have keys of 1 to ${maxKeyLength} characters`;
  }
  const wrong = pairs.find(([, text]) => typeof text !== 'string' || text.length > maxValueLength);
  return wrong === undefined ? null : `must have strings of up to ${maxValueLength} characters as values (${wrong[0]})`;
}

/** An object of texts, within bounds. */
export const IsTextPairs = (bounds: PairBounds): PropertyDecorator =>
  IsFreeJson('isTextPairs', (value) => pairsProblem(value, bounds));

/** A JSON object of any content that takes at most so many bytes when it is written down. */
export const IsJsonObject = (maxBytes: number): PropertyDecorator =>
  IsFreeJson('isJsonObject', (value) =>
    isPlainObject(value) && Buffer.byteLength(JSON.stringify(value)) <= maxBytes
      ? null
      : `must be a JSON object of at most ${maxBytes} bytes`,
  );
