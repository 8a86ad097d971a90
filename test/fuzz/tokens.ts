import { createHash, createHmac, hkdfSync } from 'node:crypto';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token as the api signs it (see libs/auth/src/tokens), with any claims: expired ones cannot be had by waiting. */
export function signedToken(secret: string, claims: Record<string, unknown>): string {
  const kid = createHash('sha256').update(secret).digest('hex').slice(0, 8);
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'parley access token HS256 v1', 32));
  const head = `${encode({ alg: 'HS256', typ: 'JWT', kid })}.${encode({ iss: 'parley', aud: 'parley-api', ...claims })}`;
  return `${head}.${createHmac('sha256', key).update(head).digest('base64url')}`;
}

/** The claims of a token that the api has given. */
export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
