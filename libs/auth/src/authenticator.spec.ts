import type { AppConfig, Principal } from '@app/platform';
import { JwtService } from '@nestjs/jwt';
import { Authenticator } from './authenticator';
import { LoginsRepository } from './persistence/logins.repository';
import { AccessTokens } from './tokens/access-tokens';
import { SigningKeys } from './tokens/signing-keys';

const config = {
  auth: { secretKeys: ['a-secret-of-at-least-thirty-two-characters'], accessTokenTtlSeconds: 900 },
} as AppConfig;
const tokens = new AccessTokens(new JwtService({}), new SigningKeys(config), config);

const tokenOf = async (userId: number, loginId: number): Promise<string> => (await tokens.issue(userId, loginId)).token;

interface Logins {
  ended: Set<number>;
  /** How often the database was asked. */
  asked: number;
}

function anAuthenticator(): { authenticator: Authenticator; logins: Logins } {
  const logins: Logins = { ended: new Set(), asked: 0 };
  const findPrincipal = (loginId: number, userId: number): Promise<Principal | undefined> => {
    logins.asked += 1;
    return Promise.resolve(
      logins.ended.has(loginId) ? undefined : { userId, workspaceId: 1, loginId, isInstanceAdmin: false },
    );
  };
  const repository = Object.assign(Object.create(LoginsRepository.prototype) as LoginsRepository, { findPrincipal });
  return { authenticator: new Authenticator(tokens, repository), logins };
}

describe('Authenticator', () => {
  // The token library waits for real ticks.
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
  afterEach(() => jest.useRealTimers());

  it('asks the database once for many requests of one login', async () => {
    const { authenticator, logins } = anAuthenticator();
    for (let request = 0; request < 5; request += 1) await authenticator.authenticate(await tokenOf(1, 7));
    expect(logins.asked).toBe(1);
  });

  it('notices within 5 seconds that a login was ended in another process', async () => {
    const { authenticator, logins } = anAuthenticator();
    await authenticator.authenticate(await tokenOf(1, 7));
    logins.ended.add(7);
    jest.advanceTimersByTime(5000);
    await expect(authenticator.authenticate(await tokenOf(1, 7))).rejects.toMatchObject({
      code: 'AUTH.LOGIN_ENDED',
      status: 401,
    });
  });

  it('notices at once that a login was ended in this process', async () => {
    const { authenticator, logins } = anAuthenticator();
    await authenticator.authenticate(await tokenOf(1, 7));
    logins.ended.add(7);
    authenticator.forget(7);
    await expect(authenticator.authenticate(await tokenOf(1, 7))).rejects.toMatchObject({ code: 'AUTH.LOGIN_ENDED' });
  });

  it("does not take one user's login for another's", async () => {
    const { authenticator } = anAuthenticator();
    await authenticator.authenticate(await tokenOf(1, 7));
    await expect(authenticator.authenticate(await tokenOf(2, 7))).rejects.toMatchObject({ code: 'AUTH.LOGIN_ENDED' });
  });

  it('keeps at most 10,000 logins in memory; the oldest goes first', async () => {
    const { authenticator, logins } = anAuthenticator();
    for (let login = 1; login <= 10_001; login += 1) await authenticator.authenticate(await tokenOf(1, login));
    await authenticator.authenticate(await tokenOf(1, 10001));
    expect(logins.asked).toBe(10_001);
    await authenticator.authenticate(await tokenOf(1, 1));
    expect(logins.asked).toBe(10_002);
  });
});
