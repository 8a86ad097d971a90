import * as fc from 'fast-check';
import type { Operation, Parameter } from '../support/openapi';
import { KINDS, placeholder, type TextKind } from './placeholders';
import { type ValueSchema, validValue, whose } from './schema-values';
import { oddNumber, oddText } from './values';

const BAD_IDS = [
  '0', '-1', '1.5', '1e3', '0x1', 'abc', 'null', 'undefined', '9007199254740991', '9007199254740992', '9223372036854775807', '9223372036854775808',
  '99999999999999999999', '1%00', '%00', '%20', '1%20', '%2e%2e', '..', '.', '1;a=b', '1%2F2', '%ED%A0%80', '%zz', '%', '%FF', '١', '%D9%A1', '',
  "1'", '1%27%20OR%201=1', '*', '{persona_id}', '1,2', '+1', '%2B1', '01', '1%23', '😀', '1%0d%0aX-Injected:1', 'a'.repeat(199), '1'.repeat(300),
]; // prettier-ignore

/** Whatever a text holds, as bytes that may stand in a request line (raw bytes above ASCII included). */
const inRequestLine = (text: string): string =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/[\0-\x20\x7f]/g, '+');

const percentEncoded = (text: string): string => {
  // `encodeURIComponent` refuses half surrogate pairs; as bytes they are `%ED%A0%80`.
  return text.isWellFormed()
    ? encodeURIComponent(text)
    : encodeURIComponent(text.toWellFormed()).replaceAll('%EF%BF%BD', '%ED%A0%80');
};

/** Ids that are texts, by the name of the parameter. */
const TEXT_IDS: Record<string, TextKind> = {
  upload_id: 'upload',
  session_id: 'session',
  sessionId: 'support_session',
};

function pathValue(name: string): fc.Arbitrary<string> {
  const text = TEXT_IDS[name];
  const kind = KINDS.find((candidate) => name === `${candidate}_id`);
  const usual =
    text !== undefined
      ? fc.tuple(whose, fc.nat({ max: 6 })).map(([owner, n]) => placeholder(text, owner, n))
      : kind === undefined
        ? fc.integer({ min: 1, max: 4 }).map(String)
        : fc.tuple(whose, fc.nat({ max: 6 })).map(([owner, n]) => placeholder(kind, owner, n));
  return fc.oneof(
    { weight: 12, arbitrary: usual },
    { weight: 2, arbitrary: fc.constantFrom(...BAD_IDS) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        oddText.map((text) => percentEncoded(text.slice(0, 400))),
        oddNumber.map(String),
      ),
    },
  );
}

/** The path of an operation with values for its parameters. */
export function validPath(operation: Operation): fc.Arbitrary<string> {
  const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
  return fc
    .tuple(...names.map((name) => pathValue(name)))
    .map((values) =>
      names.reduce((path, name, index) => path.replace(`{${name}}`, () => values[index]!), operation.path),
    );
}

/** Ways to write a path that are not the documented one. */
export function manglePath(path: string, how: number): string {
  const ways: ((text: string) => string)[] = [
    (text) => `${text}/`,
    (text) => `/${text}`,
    (text) => text.toUpperCase(),
    (text) => text.replace('/', '/%2e/'),
    (text) => `/x/..${text}`,
    (text) => text.replace(/[a-z]/, (char) => `%${char.charCodeAt(0).toString(16)}`),
    (text) => text.replaceAll('/', '%2F').replace('%2F', '/'),
    (text) => `${text};a=b`,
    (text) => `${text}.json`,
    (text) => `${text}%00`,
    (text) => `${text}%zz`,
    (text) => `http://127.0.0.1${text}`,
    (text) => `http://evil.example${text}`,
    (text) => text.replaceAll('/', '\\').replace('\\', '/'),
    (text) => `${text}/${'a/'.repeat(2000)}`,
    (text) => `${text}%F0%9F%98%80`,
    (text) => text.slice(0, -1),
    () => '/',
    () => '*',
    () => '/*',
    () => '/docs/../auth/me',
  ];
  return ways[how % ways.length]!(path);
}

const validText = (parameter: Parameter): fc.Arbitrary<string> =>
  validValue(parameter.name, (parameter.schema ?? {}) as ValueSchema).map((value) => {
    const text = String(value);
    return text.startsWith('@@') ? text : percentEncoded(text);
  });

const queryText = (parameter: Parameter): fc.Arbitrary<string> => {
  const valid = validText(parameter);
  const odd = fc.oneof(
    oddText.map((text) => percentEncoded(text.slice(0, 3000))),
    oddText.map((text) => inRequestLine(text.slice(0, 300))),
    oddNumber.map(String),
    fc.constantFrom(
      '',
      '%00',
      '%zz',
      '%',
      '%ED%A0%80',
      '+',
      '1&',
      '1;2',
      '[1]',
      'WyJhIiwxXQ',
      'WzFd',
      'WzFlMzA4LDFd',
      'bnVsbA',
      'e30',
    ),
  );
  return fc
    .oneof({ weight: 5, arbitrary: valid }, { weight: 2, arbitrary: odd })
    .map((text) => `${parameter.name}=${text}`);
};

/** A query string: documented parameters, sometimes wrong, doubled, or not known at all. */
export function anyQuery(operation: Operation): fc.Arbitrary<string> {
  const known = operation.parameters.filter((parameter) => parameter.in === 'query');
  const parts = known.map(queryText);
  const names = [...known.map((parameter) => parameter.name), 'nope', '__proto__', 'constructor', 'limit'];
  const strange = fc.oneof(
    fc
      .constantFrom(...names)
      .chain((name) =>
        fc.constantFrom(
          `${name}[]=1`,
          `${name}[a]=1`,
          `${name}=1&${name}=2`,
          `${name}`,
          `=${name}`,
          `${name}=%00`,
          `${name}%00=1`,
        ),
      ),
    fc.constantFrom('&&&', '?', '%', '%zz=%zz', '=', '&=&', 'a=b&'.repeat(1100), 'x'.repeat(9000)),
    fc
      .tuple(oddText, oddText)
      .map(([name, value]) => `${percentEncoded(name.slice(0, 200))}=${percentEncoded(value.slice(0, 200))}`),
  );
  const some =
    parts.length === 0
      ? fc.constant('')
      : fc
          .subarray(parts)
          .chain((chosen) => fc.tuple(...chosen))
          .map((chosen) => chosen.join('&'));
  const required = known.filter((parameter) => parameter.required === true);
  const optional = known.filter((parameter) => parameter.required !== true);
  // Of a dozen parameters one is always wrong by chance.
  const right = fc
    .subarray(optional, { maxLength: Math.min(optional.length, 3) })
    .map((chosen) => [...required, ...chosen])
    .chain((chosen) =>
      fc.tuple(...chosen.map((parameter) => validText(parameter).map((text) => `${parameter.name}=${text}`))),
    )
    .map((chosen) => chosen.join('&'));
  const usual = fc.oneof(some, right);
  return fc.oneof(
    { weight: known.length === 0 ? 30 : 10, arbitrary: usual },
    { weight: 1, arbitrary: fc.tuple(usual, strange).map((both) => both.filter((part) => part !== '').join('&')) },
  );
}
