import type { Operation } from '../support/openapi';
import type { Body } from './bodies';
import { fillIn, type Kind, type TextKind, type Whose } from './placeholders';

/** Whose login a request carries. `alice` and `bob` are users like any other; the admin is the first account. */
export type Login = 'alice' | 'bob' | 'admin' | 'expired' | 'ended' | 'forged' | 'garbage' | 'none';

/** How the bytes are brought. */
export type Delivery =
  | { type: 'whole' }
  | { type: 'chunked'; size: number }
  /** Only this part of the body comes, then the client says that it is done. */
  | { type: 'truncated'; part: number }
  /** The client is gone as soon as it has sent everything. */
  | { type: 'aborted' };

/** One generated request, with placeholders for ids. */
export interface FuzzRequest {
  /** The operation that the request was made from. */
  operation: Operation;
  /** The operation that it is with its method; null when that is none. */
  documented: Operation | null;
  method: string;
  path: string;
  query: string;
  login: Login;
  headers: [string, string][];
  contentType: string | null;
  body: Body | null;
  delivery: Delivery;
  /** How often it is sent at the same time. */
  copies: number;
}

export const nameOf = (operation: Operation): string => `${operation.method} ${operation.path}`;

/** The request with its placeholders filled in. */
export interface ConcreteRequest {
  method: string;
  target: string;
  headers: [string, string][];
  body: Buffer | null;
  delivery: Delivery;
}

export function concrete(
  request: FuzzRequest,
  find: (kind: Kind | TextKind, whose: Whose, n: number) => number | string,
  token: string | null,
): ConcreteRequest {
  const fill = (text: string): string => fillIn(text, find);
  const query = request.query === '' ? '' : `?${fill(request.query)}`;
  return {
    method: request.method,
    target: `${fill(request.path)}${query}`,
    headers: [
      ...(token === null ? [] : [['authorization', `Bearer ${token}`] as [string, string]]),
      ...(request.contentType === null ? [] : [['content-type', request.contentType] as [string, string]]),
      ...request.headers,
    ],
    body: request.body === null ? null : Buffer.from(fill(request.body.text), request.body.encoding),
    delivery: request.delivery,
  };
}

/** The bytes of the request on the wire. */
export function bytesOf(request: ConcreteRequest): Buffer {
  const { body, delivery } = request;
  const framing: [string, string][] =
    body === null
      ? []
      : delivery.type === 'chunked'
        ? [['transfer-encoding', 'chunked']]
        : [['content-length', String(body.length)]];
  const lines = [
    `${request.method} ${request.target} HTTP/1.1`,
    ...[['host', '127.0.0.1'], ['connection', 'close'], ...framing, ...request.headers].map(
      ([name, value]) => `${name}: ${value}`,
    ),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), payload(body, delivery)]);
}

/** A million chunks of one byte take Node more than a second of one processor, which says nothing about us. */
const MAX_CHUNKS = 20_000;

function payload(body: Buffer | null, delivery: Delivery): Buffer {
  if (body === null) return Buffer.alloc(0);
  if (delivery.type === 'truncated') return body.subarray(0, Math.floor(body.length * delivery.part));
  if (delivery.type !== 'chunked') return body;
  const chunks: Buffer[] = [];
  const size = Math.max(delivery.size, Math.ceil(body.length / MAX_CHUNKS));
  for (let at = 0; at < body.length; at += size) {
    const chunk = body.subarray(at, at + size);
    chunks.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
  }
  return Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')]);
}

const MAX_SHOWN = 1500;

/** A line for a shell that sends it again (the framing aside: curl always sends whole bodies). */
export function asCurl(request: ConcreteRequest, url: string): string {
  const quoted = (text: string): string =>
    /^[\x20-\x26\x28-\x7e]*$/.test(text)
      ? `'${text}'`
      : `$'${text.replace(/[^\x20-\x26\x28-\x5b\x5d-\x7e]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)}'`;
  const headers = request.headers.map(
    ([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`,
  );
  const body = request.body?.toString('latin1') ?? null;
  const data = body === null ? [] : [`--data-binary ${quoted(body.slice(0, MAX_SHOWN))}`];
  const note = body !== null && body.length > MAX_SHOWN ? ` # … the body has ${body.length} bytes` : '';
  const how = request.delivery.type === 'whole' ? '' : ` # ${JSON.stringify(request.delivery)}`;
  const method = request.method === 'HEAD' ? '--head' : `-X ${request.method}`;
  return (
    ['curl -sv --path-as-is -g', method, quoted(`${url}${request.target}`), ...headers, ...data].join(' ') + note + how
  );
}
