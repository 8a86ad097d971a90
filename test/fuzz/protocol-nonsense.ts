import * as fc from 'fast-check';

/** Requests on the level of bytes that no HTTP client lets through. Each must be refused or ended, and soon. */
const HEAD = 'POST /auth/login HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';
const BODY = '{"username":"a@example.com","password":"password123"}';

const FIXED: Record<string, string> = {
  'no HTTP at all': 'THIS IS NOT HTTP\r\n\r\n',
  'a TLS hello': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + '\xaa'.repeat(64),
  'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'HTTP/0.9': 'GET /health/live\r\n\r\n',
  'HTTP/1.0': 'GET /health/live HTTP/1.0\r\n\r\n',
  'HTTP/3.7': 'GET /health/live HTTP/3.7\r\nhost: a\r\n\r\n',
  'no host': 'GET /health/live HTTP/1.1\r\n\r\n',
  'two hosts': 'GET /health/live HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n',
  'an empty host': 'GET /health/live HTTP/1.1\r\nhost:\r\n\r\n',
  'a method of nonsense': 'FROB /health/live HTTP/1.1\r\nhost: a\r\n\r\n',
  CONNECT: 'CONNECT example.com:443 HTTP/1.1\r\nhost: a\r\n\r\n',
  'OPTIONS *': 'OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n',
  'an upgrade':
    'GET /auth/me HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: x\r\n\r\n',
  h2c: 'GET /auth/me HTTP/1.1\r\nhost: a\r\nconnection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: x\r\n\r\n',
  'a space before the colon': 'GET /health/live HTTP/1.1\r\nhost : a\r\n\r\n',
  'a folded header': 'GET /health/live HTTP/1.1\r\nhost: a\r\nx-a: b\r\n c\r\n\r\n',
  'a header without a name': 'GET /health/live HTTP/1.1\r\nhost: a\r\n: b\r\n\r\n',
  'a NUL in a header': 'GET /health/live HTTP/1.1\r\nhost: a\r\nx-a: b\0c\r\n\r\n',
  'a bare line feed': 'GET /health/live HTTP/1.1\nhost: a\n\n',
  'a bare carriage return': 'GET /health/live HTTP/1.1\rhost: a\r\r',
  'a NUL in the path': 'GET /health/\0live HTTP/1.1\r\nhost: a\r\n\r\n',
  'a space in the path': 'GET /health/ live HTTP/1.1\r\nhost: a\r\n\r\n',
  'raw UTF-8 in the path': 'GET /personas/\xc3\xa9 HTTP/1.1\r\nhost: a\r\n\r\n',
  'broken UTF-8 in the path': 'GET /personas/\xff\xfe HTTP/1.1\r\nhost: a\r\n\r\n',
  'headers of 40 kB': `GET /health/live HTTP/1.1\r\nhost: a\r\nx-a: ${'x'.repeat(40_000)}\r\n\r\n`,
  'a path of 40 kB': `GET /${'x'.repeat(40_000)} HTTP/1.1\r\nhost: a\r\n\r\n`,
  '3,000 headers': `GET /health/live HTTP/1.1\r\nhost: a\r\n${'a:b\r\n'.repeat(3000)}\r\n`,
  'an absolute URL': 'GET http://evil.example/auth/me HTTP/1.1\r\nhost: a\r\n\r\n',
  'two lengths': `${HEAD}content-length: ${BODY.length}\r\ncontent-length: 3\r\n\r\n${BODY}`,
  'a negative length': `${HEAD}content-length: -1\r\n\r\n${BODY}`,
  'a length in words': `${HEAD}content-length: many\r\n\r\n${BODY}`,
  'a length beyond all numbers': `${HEAD}content-length: 99999999999999999999\r\n\r\n${BODY}`,
  'a length too short': `${HEAD}content-length: 5\r\n\r\n${BODY}`,
  'a length and chunks': `${HEAD}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  'chunks that are none': `${HEAD}transfer-encoding: chunked\r\n\r\n${BODY}`,
  'a chunk of negative size': `${HEAD}transfer-encoding: chunked\r\n\r\n-5\r\nabcde\r\n0\r\n\r\n`,
  'a chunk of huge size': `${HEAD}transfer-encoding: chunked\r\n\r\nffffffffffffffff\r\nabc`,
  'a chunk extension of 20 kB': `${HEAD}transfer-encoding: chunked\r\n\r\n5;${'x'.repeat(20_000)}\r\nabcde\r\n0\r\n\r\n`,
  'trailers of 40 kB': `${HEAD}transfer-encoding: chunked\r\n\r\n0\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`,
  'an unknown transfer encoding': `${HEAD}transfer-encoding: gzip, identity\r\n\r\n${BODY}`,
  'chunked, twice': `${HEAD}transfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n`,
  'a body cut off': `${HEAD}content-length: 1000\r\n\r\n${BODY}`,
  'headers cut off': HEAD,
  nothing: '',
  'only line breaks': '\r\n'.repeat(50),
  'a response': 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
  'an unknown expectation': `${HEAD}expect: miracles\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`,
};

/** Bytes for one connection, with a name for reports. */
export const nonsense: readonly [string, Buffer][] = Object.entries(FIXED).map(([name, text]) => [
  name,
  Buffer.from(text, 'latin1'),
]);

const valid = Buffer.from(`${HEAD}content-length: ${BODY.length}\r\n\r\n${BODY}`);

/** A valid request with some bytes replaced, inserted or left out; or bytes alone. */
export const mutatedBytes: fc.Arbitrary<Buffer> = fc.oneof(
  fc
    .array(
      fc.record({
        at: fc.nat({ max: valid.length - 1 }),
        drop: fc.nat({ max: 3 }),
        put: fc.uint8Array({ maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((changes) =>
      changes.reduce(
        (bytes, { at, drop, put }) => Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + drop)]),
        valid,
      ),
    ),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);
