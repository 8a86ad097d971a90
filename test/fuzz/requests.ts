import * as fc from 'fast-check';
import type { Operation } from '../support/openapi';
import { anyBody, type Body } from './bodies';
import type { Delivery, FuzzRequest, Login } from './fuzz-request';
import type { ValueSchema } from './schema-values';
import { anyQuery, manglePath, validPath } from './targets';
import { oddText } from './values';

/** How often an operation is chosen. What makes things is chosen more often than what removes them, or soon there is nothing. */
function weightOf(operation: Operation): number {
  if (operation.path.endsWith('/send')) return 8;
  if (operation.method === 'DELETE') return 1;
  if (operation.path === '/auth/logout') return 1;
  // A registration costs 20 ms of hashing.
  if (operation.path.startsWith('/auth/') && operation.method === 'POST') return 2;
  return operation.method === 'GET' ? 3 : 5;
}

/** What only an administrator may do would otherwise hardly ever be done. */
const loginFor = ({ path }: Operation): fc.Arbitrary<Login> =>
  fc.oneof(
    { weight: 14, arbitrary: fc.constant<Login>(path.startsWith('/prices') ? 'admin' : 'alice') },
    { weight: 3, arbitrary: fc.constant<Login>('bob') },
    { weight: 2, arbitrary: fc.constantFrom<Login>('admin', 'alice') },
    { weight: 3, arbitrary: fc.constantFrom<Login>('expired', 'ended', 'forged', 'garbage', 'none') },
  );

const METHODS = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'QUERY',
  'PROPFIND',
  'SEARCH',
  'LINK',
];
const method = (operation: Operation): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 24, arbitrary: fc.constant(operation.method) },
    { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
  );

const CONTENT_TYPES = [
  'application/json; charset=utf-8', 'application/json;charset=utf-16', 'application/json; charset="', 'APPLICATION/JSON', 'application/problem+json',
  'application/vnd.api+json', 'text/plain', 'text/html', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data',
  'multipart/form-data; boundary=x', 'application/octet-stream', '*/*', 'json', '', ';', 'application/json, text/plain', 'application/json/x', 'x'.repeat(2000),
]; // prettier-ignore
const contentType = (hasBody: boolean): fc.Arbitrary<string | null> =>
  fc.oneof(
    { weight: 18, arbitrary: fc.constant(hasBody ? 'application/json' : null) },
    { weight: 1, arbitrary: fc.constantFrom(...CONTENT_TYPES, null) },
  );

/** Any bytes that may stand in a header's value. */
const headerText = oddText.map((text) =>
  Buffer.from(text.slice(0, 600))
    .toString('latin1')
    .replace(/[\0-\x08\x0a-\x1f\x7f]/g, '?'),
);
const header = (name: string, ...values: string[]): fc.Arbitrary<[string, string]> =>
  fc.oneof(fc.constantFrom(...values), headerText).map((value) => [name, value]);

const oddHeader: fc.Arbitrary<[string, string]> = fc.oneof(
  header('idempotency-key', 'key-1', 'key-2', '', ' ', 'a'.repeat(255), 'a'.repeat(256), 'a b'),
  header(
    'prefer',
    'respond-async',
    'RESPOND-ASYNC',
    'wait=1, respond-async',
    'respond-async; x',
    'return=minimal',
    ',',
  ),
  header(
    'authorization',
    'Bearer',
    'Bearer ',
    'bearer x',
    'Basic YTpi',
    'Bearer a b',
    `Bearer ${'x'.repeat(3000)}`,
    'Bearer eyJhbGciOiJub25lIn0.e30.',
  ),
  header('x-request-id', 'short', 'a'.repeat(101), 'fuzz-request-id-1'),
  header('accept', 'text/html', 'application/xml;q=1', '*/*;q=0'),
  header('accept-encoding', 'gzip', 'identity;q=0, *;q=0', 'br'),
  header('content-encoding', 'gzip', 'identity', 'br, gzip'),
  header('x-http-method-override', 'DELETE'),
  header('x-forwarded-for', '1.2.3.4', 'unknown', '::1, 127.0.0.1'),
  header('cookie', 'a=b; c', '='),
  header('origin', 'null', 'https://evil.example'),
  header('if-none-match', '*', 'W/"x"'),
  header('if-match', '"x"'),
  header('range', 'bytes=0-1', 'bytes=-'),
  header('upgrade', 'websocket', 'h2c'),
  header('expect', '100-continue', '200-ok'),
  header('te', 'trailers'),
  header('trailer', 'content-length'),
  header('x-fuzz', 'x'.repeat(9000)),
);
const headers = (operation: Operation): fc.Arbitrary<[string, string][]> => {
  const isSend = operation.path.endsWith('/send');
  const usual: fc.Arbitrary<[string, string][]> = fc.constantFrom<[string, string][]>(
    [],
    [],
    [['prefer', 'respond-async']],
    [['idempotency-key', 'key-1']],
    [['idempotency-key', 'key-2'], ['prefer', 'respond-async']],
  ); // prettier-ignore
  return fc.oneof(
    { weight: 10, arbitrary: isSend ? usual : fc.constant<[string, string][]>([]) },
    { weight: 1, arbitrary: fc.array(oddHeader, { minLength: 1, maxLength: 3 }) },
  );
};

const delivery: fc.Arbitrary<Delivery> = fc.oneof(
  { weight: 20, arbitrary: fc.constant<Delivery>({ type: 'whole' }) },
  { weight: 1, arbitrary: fc.constantFrom(1, 7, 1024).map((size): Delivery => ({ type: 'chunked', size })) },
  {
    weight: 1,
    arbitrary: fc.double({ min: 0, max: 0.99, noNaN: true }).map((part): Delivery => ({ type: 'truncated', part })),
  },
  { weight: 1, arbitrary: fc.constant<Delivery>({ type: 'aborted' }) },
);

/** What comes twice at the same moment finds other faults than what comes twice. */
const copies = fc.oneof(
  { weight: 20, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.integer({ min: 2, max: 5 }) },
);

/** Whether the path of one operation is one of another, as `/personas/generate` is `/personas/{persona_id}`. */
const isAt = (operation: Operation, path: string): boolean =>
  operation.path === path || new RegExp(`^${operation.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path);

function requestFor(operation: Operation, all: Operation[]): fc.Arbitrary<FuzzRequest> {
  const noBody = fc.constant<Body | null>(null);
  const strayBody = fc.constantFrom<Body>(
    { text: '{}', encoding: 'utf8' },
    { text: '{"a":', encoding: 'utf8' },
    { text: '', encoding: 'utf8' },
  );
  const body =
    operation.body === null
      ? fc.oneof({ weight: 14, arbitrary: noBody }, { weight: 1, arbitrary: strayBody })
      : fc.oneof({ weight: 30, arbitrary: anyBody(operation.body as ValueSchema) }, { weight: 1, arbitrary: noBody });
  const path = fc
    .tuple(
      validPath(operation),
      fc.oneof({ weight: 24, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.nat({ max: 20 }) }),
    )
    .map(([usual, how]) => (how < 0 ? usual : manglePath(usual, how)))
    // A path goes out as bytes; spaces would end it.
    .map((text) =>
      Buffer.from(text)
        .toString('latin1')
        .replace(/[\0-\x20\x7f]/g, '+'),
    );
  // With another method it is another operation, or none.
  const withMethod = method(operation).map((verb) => ({
    method: verb,
    documented:
      all.find((other) => other.method === verb && other.path === operation.path) ??
      all.find((other) => other.method === verb && isAt(other, operation.path)) ??
      null,
  }));
  return body
    .chain((chosen) =>
      fc.record({
        operation: fc.constant(operation),
        verb: withMethod,
        path,
        query: anyQuery(operation),
        login: loginFor(operation),
        headers: headers(operation),
        contentType: contentType(chosen !== null),
        body: fc.constant(chosen),
        delivery,
        copies,
      }),
    )
    .map(({ verb, ...rest }) => ({ ...rest, method: verb.method, documented: reached(verb, rest.path, all) }));
}

/** `/things/mine;a=b` is not `/things/mine` but `/things/{thing_id}` with an odd id. */
function reached(
  { method: verb, documented }: Pick<FuzzRequest, 'method' | 'documented'>,
  path: string,
  all: Operation[],
): Operation | null {
  if (documented === null || documented.path.includes('{') || documented.path === path) return documented;
  const fits = (other: Operation): boolean =>
    other.method === verb && new RegExp(`^${other.path.replace(/\{\w+\}/g, '[^/]*')}$`).test(path);
  return all.find((other) => other.path.includes('{') && fits(other)) ?? documented;
}

/** Any request to any documented operation, or to some of them. */
export const anyRequest = (all: Operation[], among: Operation[] = all): fc.Arbitrary<FuzzRequest> =>
  fc.oneof(...among.map((operation) => ({ weight: weightOf(operation), arbitrary: requestFor(operation, all) })));
