import { connect } from 'node:net';

export interface Reply {
  status: number;
  headers: Map<string, string>;
  body: string;
}

/** How an exchange ended: with an answer, or with the connection closed without one. */
export interface Exchange {
  reply: Reply | null;
  ms: number;
}

export interface SendOptions {
  port: number;
  /** An answer must be there in this time. */
  deadlineMs: number;
  /** The answer has no body whatever its headers say (HEAD). */
  isBodiless?: boolean;
  /** Say that nothing more comes after the bytes. */
  halfClose?: boolean;
  /** Reset the connection as soon as the bytes are out, without waiting. */
  abort?: boolean;
}

export class NoAnswer extends Error {}

/** Sends bytes as they are, which no HTTP client would, and reads one answer. @throws NoAnswer after the deadline */
export function exchange(bytes: Uint8Array, options: SendOptions): Promise<Exchange> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    const socket = connect({ port: options.port, host: '127.0.0.1', allowHalfOpen: true });
    const finish = (reply: Reply | null): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ reply, ms: performance.now() - startedAt });
    };
    const timer = setTimeout(() => {
      socket.destroy();
      const got = received.length === 0 ? 'nothing' : JSON.stringify(received.toString('latin1').slice(0, 300));
      reject(new NoAnswer(`No whole answer within ${options.deadlineMs} ms; received ${got}.`));
    }, options.deadlineMs);
    socket.on('connect', () => {
      socket.write(bytes, () => {
        if (options.abort === true) {
          socket.resetAndDestroy();
          finish(null);
        } else if (options.halfClose === true) {
          socket.end();
        }
      });
    });
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const reply = parseReply(received, options.isBodiless === true);
      if (reply !== null) finish(reply);
    });
    // Closed, or reset because it was answered before everything was sent: what has come by then counts.
    const ended = (): void => finish(parseReply(received, options.isBodiless === true, true));
    socket.on('end', ended).on('close', ended).on('error', ended);
  });
}

/** Null while it is not whole. */
function parseReply(received: Buffer, isBodiless: boolean, isEnded = false): Reply | null {
  const text = received.toString('latin1');
  const headEnd = text.indexOf('\r\n\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1]);
  if (headEnd < 0 || Number.isNaN(status)) return null;
  // 100 Continue comes before the answer.
  if (status < 200) return parseReply(received.subarray(headEnd + 4), isBodiless, isEnded);
  const lines = text.slice(0, headEnd).split('\r\n').slice(1);
  const headers = new Map(
    lines.map((line): [string, string] => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const body = received.subarray(headEnd + 4);
  if (isBodiless || status === 204 || status === 304) return { status, headers, body: body.toString() };
  if (headers.get('transfer-encoding') === 'chunked') return dechunked(status, headers, body);
  const length = headers.get('content-length');
  if (length === undefined) return isEnded ? { status, headers, body: body.toString() } : null;
  // Whatever comes after it answers what came after our request.
  return body.length >= Number(length) ? { status, headers, body: body.subarray(0, Number(length)).toString() } : null;
}

function dechunked(status: number, headers: Map<string, string>, body: Buffer): Reply | null {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = body.indexOf('\r\n', at);
    if (lineEnd < 0) return null;
    const size = parseInt(body.subarray(at, lineEnd).toString(), 16);
    if (size === 0) return { status, headers, body: Buffer.concat(parts).toString() };
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 4 + size;
  }
}
