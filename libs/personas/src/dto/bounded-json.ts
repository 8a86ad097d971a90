import { applyDecorators } from '@nestjs/common';
import { Transform, type TransformFnParams } from 'class-transformer';
import { ValidateBy } from 'class-validator';

interface PairBounds {
  maxPairs: number;
  maxKeyLength: number;
  maxValueLength: number;
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** As it was sent: class-transformer would drop keys such as `constructor`. */
const asSent = ({ obj, key }: TransformFnParams): unknown => (obj as Record<string, unknown>)[key];

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
  applyDecorators(
    Transform(asSent),
    ValidateBy({
      name: 'isTextPairs',
      validator: {
        validate: (value) => pairsProblem(value, bounds) === null,
        defaultMessage: (given) => `${given?.property} ${pairsProblem(given?.value, bounds)}`,
      },
    }),
  );

/** A JSON object of any content that takes at most so many bytes when it is written down. */
export const IsJsonObject = (maxBytes: number): PropertyDecorator =>
  applyDecorators(
    Transform(asSent),
    ValidateBy({
      name: 'isJsonObject',
      validator: {
        validate: (value) => isPlainObject(value) && Buffer.byteLength(JSON.stringify(value)) <= maxBytes,
        defaultMessage: (given) => `${given?.property} must be a JSON object of at most ${maxBytes} bytes`,
      },
    }),
  );
