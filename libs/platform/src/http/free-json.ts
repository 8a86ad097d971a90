import { applyDecorators } from '@nestjs/common';
import { Transform, type TransformFnParams } from 'class-transformer';
import { ValidateBy } from 'class-validator';

/** Names that `ValidationPipe` takes out of every object, however deep: harmless as keys of data that is only kept and written down. */
const TAKEN_OUT = ['constructor', 'prototype'];

/** Objects that had such names, with all of their entries in their order. */
const whole = new WeakMap<object, [string, unknown][]>();

/** Call it before `ValidationPipe` takes names out, with input that is known to be small and not deep: see `assertSaneInput`. */
export function rememberTakenOut(input: unknown): void {
  const pending: unknown[] = [input];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (TAKEN_OUT.some((name) => Object.hasOwn(value, name))) whole.set(value, Object.entries(value));
    for (const inner of Object.values(value)) pending.push(inner);
  }
}

function restored(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(restored);
  // What could change a prototype is no data.
  const entries = (whole.get(value) ?? Object.entries(value)).filter(([name]) => name !== '__proto__');
  return Object.fromEntries(entries.map(([name, inner]) => [name, restored(inner)]));
}

const asSent = ({ obj, key }: TransformFnParams): unknown => restored((obj as Record<string, unknown>)[key]);

/**
 * JSON of any content, taken exactly as it was sent: with all of its names, in their order.
 * @param problemOf what is wrong with it, in words that follow the name of the property; null: nothing
 */
export const IsFreeJson = (name: string, problemOf: (value: unknown) => string | null): PropertyDecorator =>
  applyDecorators(
    Transform(asSent),
    ValidateBy({
      name,
      validator: {
        validate: (value) => problemOf(value) === null,
        defaultMessage: (given) => `${given?.property} ${problemOf(given?.value)}`,
      },
    }),
  );
