import { createHmac } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { proveVisitor, type VisitorClaim } from './visitor-proof';

const SECRET = 'is_the-secret-of-this-door';
const NOW = 1_764_000_000;

/** As host sites make them. */
const tokenOf = (
  claims: Record<string, unknown>,
  options: { secret?: string; algorithm?: 'HS256' | 'HS384' } = {},
): string =>
  new JwtService({}).sign(
    { iat: NOW, ...claims },
    { secret: options.secret ?? SECRET, algorithm: options.algorithm ?? 'HS256' },
  );
const hashOf = (userId: string, secret = SECRET): string =>
  createHmac('sha256', secret).update(`user:${userId}`).digest('hex');
const refusalOf = (claim: VisitorClaim, secret: string | null = SECRET): string => {
  try {
    proveVisitor(claim, secret, NOW);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('proveVisitor', () => {
  it('a userId alone proves nothing, and nothing is proven without any claim', () => {
    expect(proveVisitor({ userId: 'a' }, SECRET, NOW)).toBeUndefined();
    expect(proveVisitor({}, null, NOW)).toBeUndefined();
  });

  it('the HMAC of the userId proves it, also of one that is no ASCII', () => {
    for (const userId of ['user123', 'Jürgen 😀']) {
      expect(proveVisitor({ userId, userHash: hashOf(userId) }, SECRET, NOW)).toEqual({ userId });
    }
  });

  it('a token proves its sub, and brings name and email', () => {
    const userToken = tokenOf({ sub: 'a', exp: NOW + 60, name: 'Ann', email: 'ann@example.com' });
    expect(proveVisitor({ userToken }, SECRET, NOW)).toEqual({ userId: 'a', name: 'Ann', email: 'ann@example.com' });
    expect(proveVisitor({ userId: 'a', userToken }, SECRET, NOW)).toMatchObject({ userId: 'a' });
  });

  it('an expiry counts a minute longer, and at most a day from now', () => {
    const exp = (seconds: number): string => refusalOf({ userToken: tokenOf({ sub: 'a', exp: NOW + seconds }) });
    expect([exp(-59), exp(24 * 3600 + 59)]).toEqual(['accepted', 'accepted']);
    expect(exp(-61)).toContain('has expired');
    expect(exp(24 * 3600 + 61)).toContain('at most 24 hours');
  });

  it.each<[string, VisitorClaim, string]>([
    ['the HMAC of another id', { userId: 'a', userHash: hashOf('b') }, 'userHash: is not'],
    ['an HMAC with another secret', { userId: 'a', userHash: hashOf('a', 'other') }, 'userHash: is not'],
    ['an HMAC that is cut', { userId: 'a', userHash: hashOf('a').slice(0, 32) }, 'userHash: is not'],
    ['an HMAC without an id', { userHash: hashOf('a') }, 'there is none'],
    [
      'a token of another secret',
      { userToken: tokenOf({ sub: 'a', exp: NOW + 60 }, { secret: 'other' }) },
      'is not a JSON Web Token',
    ],
    [
      'a token of another algorithm',
      { userToken: tokenOf({ sub: 'a', exp: NOW + 60 }, { algorithm: 'HS384' }) },
      'is not a JSON Web Token',
    ],
    [
      'a token with a word too many',
      { userToken: `${tokenOf({ sub: 'a', exp: NOW + 60 })}.x` },
      'is not a JSON Web Token',
    ],
    ['no token', { userToken: 'a.b.c' }, 'is not a JSON Web Token'],
    ['a token without an end', { userToken: tokenOf({ sub: 'a' }) }, 'needs the claim exp'],
    ['a token without a sub', { userToken: tokenOf({ exp: NOW + 60 }) }, 'needs the claim sub'],
    ['a sub that is too long', { userToken: tokenOf({ sub: 'a'.repeat(256), exp: NOW + 60 }) }, 'needs the claim sub'],
    [
      'a token that does not count yet',
      { userToken: tokenOf({ sub: 'a', exp: NOW + 900, nbf: NOW + 120 }) },
      'not count yet',
    ],
    ['a name that is no text', { userToken: tokenOf({ sub: 'a', exp: NOW + 60, name: { first: 'A' } }) }, 'claim name'],
    [
      'an id that is not the token’s',
      { userId: 'b', userToken: tokenOf({ sub: 'a', exp: NOW + 60 }) },
      'is not the sub',
    ],
  ])('%s proves nothing', (_what, claim, reason) => {
    expect(refusalOf(claim)).toContain(reason);
  });

  it('the hash of an id that reads like a token is never the signature of that token', () => {
    // Of somebody who may choose their id at the host site, which then vouches for it.
    const [header, payload] = tokenOf({ sub: 'admin', exp: NOW + 60 }, { secret: 'unknown' }).split('.');
    const userId = `${header}.${payload}`;
    expect(proveVisitor({ userId, userHash: hashOf(userId) }, SECRET, NOW)).toEqual({ userId });
    const signature = Buffer.from(hashOf(userId), 'hex').toString('base64url');
    expect(refusalOf({ userToken: `${userId}.${signature}` })).toContain('is not a JSON Web Token');
  });

  it('a door without a secret believes nobody', () => {
    expect(refusalOf({ userId: 'a', userHash: hashOf('a', '') }, null)).toContain('no identity secret');
  });
});
