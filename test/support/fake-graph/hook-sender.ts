import { createHmac } from 'node:crypto';

/** What the receiver said. */
export interface HookAnswer {
  status: number;
  body: string;
  headers: Headers;
  /** Until the whole answer was there. */
  latencyMs: number;
}

/** `X-Hub-Signature-256` of exactly these bytes. */
export function signatureOf(body: Buffer | string, appSecret: string): string {
  return `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
}

/** As Meta writes JSON: everything but ASCII escaped, and slashes too, so that whoever re-serialises it gets other bytes. */
export function asMetaWrites(body: unknown): Buffer {
  const json = JSON.stringify(body)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return Buffer.from(json);
}

/**
 * Sends a hook as Meta does: the bytes, signed.
 * @param options.secret null: unsigned
 * @param options.headers override the ones that Meta sends
 */
export async function sendHook(
  url: string,
  body: unknown,
  options: { secret: string | null; headers?: Record<string, string> },
): Promise<HookAnswer> {
  const bytes = Buffer.isBuffer(body) ? body : asMetaWrites(body);
  const begun = performance.now();
  const answer = await fetch(url, {
    method: 'POST',
    body: new Uint8Array(bytes),
    headers: {
      'content-type': 'application/json',
      'user-agent': 'facebookexternalua',
      ...(options.secret === null ? {} : { 'x-hub-signature-256': signatureOf(bytes, options.secret) }),
      ...options.headers,
    },
    signal: AbortSignal.timeout(60_000),
  });
  const said = await answer.text();
  return { status: answer.status, body: said, headers: answer.headers, latencyMs: performance.now() - begun };
}

/** The handshake with which a URL is registered. */
export async function sendHandshake(url: string, verifyToken: string, challenge = '1158201444'): Promise<HookAnswer> {
  const address = new URL(url);
  address.searchParams.set('hub.mode', 'subscribe');
  address.searchParams.set('hub.challenge', challenge);
  address.searchParams.set('hub.verify_token', verifyToken);
  const begun = performance.now();
  const answer = await fetch(address, { signal: AbortSignal.timeout(60_000) });
  const said = await answer.text();
  return { status: answer.status, body: said, headers: answer.headers, latencyMs: performance.now() - begun };
}
