import * as fc from 'fast-check';

/** Texts that have broken somebody's parser, renderer, database or log before. */
const ODD_TEXTS = [
  '',
  ' ',
  '\t\r\n',
  '\0',
  'a\0b',
  '\ud800',
  'x\udfff',
  '\udc00\ud800',
  '\u200b',
  '\u200b\u200d\u2060',
  '\ufeff',
  '\u0085',
  '\u2028\u2029',
  '\u0001\u001f\u007f',
  '\u202eevil\u202c',
  'مرحبا بالعالم',
  'שלום עולם',
  'Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘',
  '👩‍👩‍👧‍👦🏳️‍🌈🇩🇪',
  '﷽'.repeat(20),
  'ﬀ①K',
  '\u{10ffff}\u{e0001}',
  '%s%n%x',
  '%00',
  '%',
  '\\u0000',
  '{{name}}',
  '${7*7}',
  '$1 \\1 $& $$',
  "' OR 1=1 --",
  '"; \\q',
  '<script>alert(1)</script>',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  'true',
  '1e3',
  '0x10',
  '01',
  '+1',
  '1_000',
  '१२',
  '９',
  '-0',
  '99999999999999999999',
  '2026-02-30T25:61:61Z',
  '[object Object]',
] as const;

const LENGTHS = [63, 64, 99, 100, 101, 200, 201, 255, 256, 2000, 2001, 32_000, 32_001, 70_000];

/** A text of any kind: odd ones, long ones, arbitrary Unicode. */
export const oddText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  // UTF-16 code units one by one, so with halves of surrogate pairs.
  {
    weight: 1,
    arbitrary: fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
      .map((units) => String.fromCharCode(...units)),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('x', 'é', '漢', '😀', '\u200b', ' ', '\u0300'), fc.constantFrom(...LENGTHS))
      .map(([unit, length]) => unit.repeat(length)),
  },
);

export const oddNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    -1,
    1,
    2,
    0.5,
    1.5,
    200,
    201,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
    2 ** 53 - 1,
    2 ** 53,
    2 ** 63,
    1e21,
    1e300,
    5e-324,
    -1e300,
  ),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** A structure that is deeper, wider or stranger than what any field takes. */
const oddStructure: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    [],
    {},
    [[]],
    [null],
    { a: 1 },
    { length: 3 },
    { toString: 1 },
    { constructor: { prototype: { x: 1 } } },
  ),
  fc.constant(JSON.parse('{"__proto__":{"isAdmin":true}}') as unknown),
  fc.integer({ min: 2, max: 200 }).map((depth) => {
    let value: unknown = 1;
    for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
    return value;
  }),
  fc.constantFrom(21, 1000, 10_001).map((length) => Array.from({ length }, () => 'x')),
  fc.jsonValue({ maxDepth: 3 }),
  fc.array(oddText, { maxLength: 4 }),
);

/** A value that the type of a field may not foresee. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: oddText },
  { weight: 2, arbitrary: oddNumber },
  { weight: 1, arbitrary: fc.constantFrom(null, true, false) },
  { weight: 2, arbitrary: oddStructure },
);
