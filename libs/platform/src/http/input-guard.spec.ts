import type { AppError } from '@app/kernel';
import { assertSaneInput } from './input-guard';

const refusal = (input: unknown): string | undefined => {
  try {
    assertSaneInput(input, 'body');
    return undefined;
  } catch (error) {
    return (error as AppError).detail;
  }
};

const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = { a: value };
  return value;
};

describe('assertSaneInput', () => {
  it('lets ordinary input pass', () => {
    expect(refusal({ content: 'Grüße 👋', list: [1, { deep: 'x' }], none: null })).toBeUndefined();
  });

  it.each([
    ['a NUL character', { content: 'a\0b' }, /^content: .*NUL/],
    ['half a surrogate pair', { content: '\ud83d' }, /^content: .*surrogate/],
    ['a NUL in a nested list', { list: ['x', { y: '\0' }] }, /^list\.1\.y: /],
    ['a NUL in a name', { 'a\0': 1 }, /NUL/],
    ['deep nesting', nested(50_000), /nested deeper/],
    ['too many values', Array.from({ length: 10_001 }, () => 1), /more than 10000 values/],
  ])('refuses %s and says where', (_what, input, message) => {
    expect(refusal(input)).toMatch(message);
  });
});
