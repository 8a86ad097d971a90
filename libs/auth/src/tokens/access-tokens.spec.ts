import { createHash } from 'node:crypto';
import type { AppConfig } from '@app/platform';
import { JwtService } from '@nestjs/jwt';
import { AccessTokens } from './access-tokens';
import { SigningKeys } from './signing-keys';

const OLD = 'an-old-secret-of-at-least-thirty-two-characters';
const NEW = 'a-new-secret-of-at-least-thirty-two-characters!';
const jwt = new JwtService({});

function tokensWith(...secretKeys: string[]): AccessTokens {
  const config = { auth: { secretKeys, accessTokenTtlSeconds: 900, refreshTokenTtlSeconds: 60 } } as AppConfig;
  return new AccessTokens(jwt, new SigningKeys(config), config);
}

const codeOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'accepted',
    (error: { code: string; status: number }) => `${error.status} ${error.code}`,
  );

/** The key that `tokensWith(secret)` signs with. */
function keyOf(secret: string): { kid: string; key: Buffer } {
  return new SigningKeys({ auth: { secretKeys: [secret] } } as AppConfig).current;
}

const VALID_CLAIMS = { lid: 4, sub: '3', iss: 'parley', aud: 'parley-api' };

describe('AccessTokens', () => {
  afterEach(() => jest.useRealTimers());

  it('says whose login it is, and for how long', async () => {
    const tokens = tokensWith(NEW);
    const { token, expiresInSeconds } = await tokens.issue(3, 4);
    const claims = await tokens.verify(token);
    expect(expiresInSeconds).toBe(900);
    expect(claims).toMatchObject({ userId: 3, loginId: 4 });
    expect(claims.expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(900_000);
  });

  it('names the secret in the header by the start of its SHA-256, and is not signed with the secret itself', async () => {
    const { token } = await tokensWith(NEW).issue(3, 4);
    const { header } = jwt.decode<{ header: unknown }>(token, { complete: true });
    expect(header).toMatchObject({ alg: 'HS256', kid: createHash('sha256').update(NEW).digest('hex').slice(0, 8) });
    expect(() => void jwt.verify(token, { secret: NEW })).toThrow('invalid signature');
  });

  it('still takes tokens of the old secret after a new one was put in front', async () => {
    const { token } = await tokensWith(OLD).issue(3, 4);
    await expect(tokensWith(NEW, OLD).verify(token)).resolves.toMatchObject({ userId: 3, loginId: 4 });
  });

  it('takes a token only for what it was made for, also one that it has seen before', async () => {
    const tokens = tokensWith(NEW);
    const api = (await tokens.issue(3, 4)).token;
    const page = (await tokens.issue(3, 4, 'admin-page', 43_200)).token;
    for (let round = 0; round < 2; round += 1) {
      await expect(tokens.verify(api)).resolves.toMatchObject({ loginId: 4 });
      await expect(tokens.verify(page, 'admin-page')).resolves.toMatchObject({ loginId: 4 });
      await expect(codeOf(tokens.verify(api, 'admin-page'))).resolves.toBe('401 AUTH.TOKEN_INVALID');
      await expect(codeOf(tokens.verify(page))).resolves.toBe('401 AUTH.TOKEN_INVALID');
    }
  });

  it('refuses tokens of a secret that was dropped', async () => {
    const { token } = await tokensWith(OLD).issue(3, 4);
    await expect(codeOf(tokensWith(NEW).verify(token))).resolves.toBe('401 AUTH.TOKEN_INVALID');
  });

  it('refuses an expired token and says how to get a new one', async () => {
    const tokens = tokensWith(NEW);
    const { token } = await tokens.issue(3, 4);
    jest.useFakeTimers({ now: Date.now() + 901_000, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    await expect(tokens.verify(token)).rejects.toMatchObject({
      code: 'AUTH.TOKEN_EXPIRED',
      status: 401,
      detail: expect.stringContaining('/auth/refresh') as string,
    });
  });

  it('refuses a token that was changed', async () => {
    const tokens = tokensWith(NEW);
    const [header, , signature] = (await tokens.issue(3, 4)).token.split('.');
    const forged = Buffer.from(JSON.stringify({ ...VALID_CLAIMS, sub: '1', exp: 4_000_000_000 })).toString('base64url');
    await expect(codeOf(tokens.verify(`${header}.${forged}.${signature}`))).resolves.toBe('401 AUTH.TOKEN_INVALID');
  });

  it('refuses a token without a signature (alg none)', async () => {
    const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${part({ alg: 'none', kid: keyOf(NEW).kid })}.${part({ ...VALID_CLAIMS, exp: 4_000_000_000 })}.`;
    await expect(codeOf(tokensWith(NEW).verify(unsigned))).resolves.toBe('401 AUTH.TOKEN_INVALID');
  });

  it.each([
    ['another algorithm', { ...VALID_CLAIMS }, 'HS512' as const],
    ['another issuer', { ...VALID_CLAIMS, iss: 'somebody' }, 'HS256' as const],
    ['another audience', { ...VALID_CLAIMS, aud: 'other' }, 'HS256' as const],
    ['no login', { ...VALID_CLAIMS, lid: undefined }, 'HS256' as const],
    ['a user that is no number', { ...VALID_CLAIMS, sub: 'x' }, 'HS256' as const],
  ])('refuses a well-signed token with %s', async (_what, claims, algorithm) => {
    const { kid, key } = keyOf(NEW);
    const token = jwt.sign(JSON.parse(JSON.stringify(claims)) as object, {
      secret: key,
      keyid: kid,
      algorithm,
      expiresIn: 60,
    });
    await expect(codeOf(tokensWith(NEW).verify(token))).resolves.toBe('401 AUTH.TOKEN_INVALID');
  });

  it('refuses a well-signed token that never expires', async () => {
    const { kid, key } = keyOf(NEW);
    const token = jwt.sign(VALID_CLAIMS, { secret: key, keyid: kid, algorithm: 'HS256' });
    await expect(codeOf(tokensWith(NEW).verify(token))).resolves.toBe('401 AUTH.TOKEN_INVALID');
  });

  it.each(['', 'x', 'a.b.c', '..', `${'x'.repeat(100_000)}.y.z`])('refuses what is no token', async (text) => {
    await expect(codeOf(tokensWith(NEW).verify(text))).resolves.toBe('401 AUTH.TOKEN_INVALID');
  });
});
