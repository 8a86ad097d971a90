import { createHmac, timingSafeEqual } from 'node:crypto';

const HEADER = /^sha256=([0-9a-f]{64})$/i;

/**
 * Whether Meta has signed exactly these bytes for the app with this secret, in constant time.
 * @param header of `X-Hub-Signature-256`; missing, doubled and malformed ones are no signature
 * @see https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads
 */
export function isSignedBy(body: Buffer, header: string | string[] | undefined, appSecret: string): boolean {
  const hex = typeof header === 'string' ? HEADER.exec(header)?.[1] : undefined;
  const expected = createHmac('sha256', appSecret).update(body).digest();
  return hex !== undefined && timingSafeEqual(Buffer.from(hex, 'hex'), expected);
}

/**
 * Sent along with calls, so that a token that was stolen is of no use without the secret; an app can require it.
 * @see https://developers.facebook.com/docs/graph-api/guides/secure-requests/
 */
export function proofOf(accessToken: string, appSecret: string): string {
  return createHmac('sha256', appSecret).update(accessToken).digest('hex');
}
