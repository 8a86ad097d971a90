import { createHmac } from 'node:crypto';

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

/** A JSON Web Token as the server of a host site makes it. */
export function userTokenOf(
  claims: Record<string, unknown>,
  secret: string,
  header: object = { alg: 'HS256', typ: 'JWT' },
): string {
  const signed = `${base64(header)}.${base64(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** The other proof of a host site. */
export const userHashOf = (userId: string, secret: string): string =>
  createHmac('sha256', secret).update(`user:${userId}`).digest('hex');
