import * as fc from 'fast-check';
import { type ValueSchema, validObject as validBody } from './schema-values';
import { oddText, oddValue } from './values';

export type Encoding = 'utf8' | 'utf16le' | 'latin1';

export interface Body {
  text: string;
  /** Anything but `utf8` makes bytes that are no valid UTF-8. */
  encoding: Encoding;
}

/** One thing is wrong: a field's value, a missing field, one too many. */
function almostValid(schema: ValueSchema): fc.Arbitrary<string> {
  const inner = objectsIn(schema);
  const outer = almostValidHere(schema).map((body) => JSON.stringify(body));
  if (inner.length === 0) return outer;
  const within = fc
    .constantFrom(...inner)
    .chain(([name, field]) => fc.tuple(fc.constant(name), validBody(schema), almostValidHere(field)))
    .map(([name, body, field]) => JSON.stringify({ ...body, [name]: field }));
  return fc.oneof(outer, within);
}

/** Fields that are objects with fields of their own. */
const objectsIn = (schema: ValueSchema): [string, ValueSchema][] =>
  Object.entries((schema.properties ?? {}) as Record<string, ValueSchema>).filter(
    ([, field]) => Object.keys(field.properties ?? {}).length > 0,
  );

function almostValidHere(schema: ValueSchema): fc.Arbitrary<object> {
  const names = Object.keys(schema.properties ?? {});
  // Of what another system sends no field is known.
  const name = names.length === 0 ? fc.constantFrom('object', 'entry') : fc.constantFrom(...names);
  const change = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(name, oddValue) },
    { weight: 1, arbitrary: fc.tuple(name, fc.constant(undefined)) },
    {
      weight: 1,
      arbitrary: fc.tuple(
        oddText.map((text) => text.slice(0, 300)),
        oddValue,
      ),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(
        fc.constantFrom('id', 'user_id', 'owner_id', 'created_at', 'is_instance_admin'),
        fc.constant(1),
      ),
    },
  );
  return fc.tuple(validBody(schema), change).map(([body, [name, value]]) =>
    // A record of its own: assigning to `__proto__` of a plain object would be lost.
    Object.assign(Object.create(null) as object, body, Object.fromEntries([[name, value]])),
  );
}

/** JSON by its text: what no serialiser writes. */
function brokenText(schema: ValueSchema): fc.Arbitrary<string> {
  const [firstName = 'a'] = Object.keys(schema.properties ?? {});
  const text = validBody(schema).map((body) => JSON.stringify(body));
  return fc.oneof(
    fc
      .tuple(text, fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([json, part]) => json.slice(0, Math.floor(json.length * part))),
    fc
      .tuple(text, oddValue)
      .map(([json, value]) => json.replace('{', `{"${firstName}":${JSON.stringify(value)},`).replace(',}', '}')),
    fc.tuple(text, fc.constantFrom('}', ']', ' x', '\0', '{}', '// note', '\u00a0')).map(([json, tail]) => json + tail),
    fc.tuple(text, fc.constantFrom('\ufeff', '\0', '/* */', ")]}',\n")).map(([json, head]) => head + json),
    text.map((json) => json.replaceAll('"', "'")),
    text.map((json) => json.replace('{', '{"__proto__":{"isAdmin":true},')),
    text.map((json) => json.replace('{', '{"constructor":{"prototype":{"isAdmin":true}},')),
    fc
      .constantFrom('1e999', '-1e999', 'NaN', 'Infinity', '1E400', '-', '01', '1.', '0x1')
      .map((number) => `{"${firstName}":${number}}`),
    fc
      .constantFrom('"\\ud800"', '"\\u0000"', '"\\x41"', '"\\u12"', '"\n"', '"\\ud83d\\u0041"')
      .map((literal) => `{"${firstName}":${literal}}`),
    fc.constantFrom(17, 1000, 30_000).map((depth) => `{"${firstName}":${'['.repeat(depth)}${']'.repeat(depth)}}`),
    fc.constantFrom(17, 1000, 30_000).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
    fc
      .constantFrom(2000, 20_000)
      .map((count) => `{${Array.from({ length: count }, (_, index) => `"k${index}":1`).join(',')}}`),
    fc.constant(1_000_001).map((length) => `{"${firstName}":"${'x'.repeat(length)}"}`),
    fc.constantFrom('', 'null', 'true', '0', '"text"', '[]', '[{}]', '{}', ' ', 'a=1&b=2', '--x\r\n\r\n--x--', '<a/>'),
    oddText,
  );
}

/** The body of a request: about half of them as documented. */
export function anyBody(schema: ValueSchema): fc.Arbitrary<Body> {
  const utf8 = (text: fc.Arbitrary<string>): fc.Arbitrary<Body> =>
    text.map((json) => ({ text: json, encoding: 'utf8' }));
  return fc.oneof(
    { weight: 10, arbitrary: utf8(validBody(schema).map((body) => JSON.stringify(body))) },
    { weight: 6, arbitrary: utf8(almostValid(schema)) },
    { weight: 4, arbitrary: utf8(brokenText(schema)) },
    {
      weight: 1,
      arbitrary: fc.record({
        text: fc.oneof(
          validBody(schema).map((body) => JSON.stringify(body)),
          fc.constant('{"name":"é\u00ff"}'),
        ),
        encoding: fc.constantFrom<Encoding>('utf16le', 'latin1'),
      }),
    },
  );
}
