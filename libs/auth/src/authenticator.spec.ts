import type { Principal } from '@app/platform';
import { Authenticator } from './authenticator';
import type { LoginsRepository } from './persistence/logins.repository';
import type { AccessTokens } from './tokens/access-tokens';

/** Tokens look like "user:login" here; what counts is how often the database is asked. */
class FakeTokens implements Pick<AccessTokens, 'verify'> {
  verify(token: string): Promise<{ userId: number; loginId: number; expiresAt: Date }> {
    const [userId, loginId] = token.split(':').map(Number);
    return Promise.resolve({ userId: userId!, loginId: loginId!, expiresAt: new Date(0) });
  }
}

class FakeLogins implements Pick<LoginsRepository, 'findPrincipal'> {
  readonly ended = new Set<number>();
  asked = 0;

  findPrincipal(loginId: number, userId: number): Promise<Principal | undefined> {
    this.asked += 1;
    const principal = { userId, workspaceId: 1, loginId, isInstanceAdmin: false };
    return Promise.resolve(this.ended.has(loginId) ? undefined : principal);
  }
}

function anAuthenticator(): { authenticator: Authenticator; logins: FakeLogins } {
  const logins = new FakeLogins();
  return {
    authenticator: new Authenticator(
      new FakeTokens() as unknown as AccessTokens,
      logins as unknown as LoginsRepository,
    ),
    logins,
  };
}

describe('Authenticator', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('asks the database once for many requests of one login', async () => {
    const { authenticator, logins } = anAuthenticator();
    for (let request = 0; request < 5; request += 1) await authenticator.authenticate('1:7');
    expect(logins.asked).toBe(1);
  });

  it('notices within 5 seconds that a login was ended in another process', async () => {
    const { authenticator, logins } = anAuthenticator();
    await authenticator.authenticate('1:7');
    logins.ended.add(7);
    jest.advanceTimersByTime(5000);
    await expect(authenticator.authenticate('1:7')).rejects.toMatchObject({ code: 'AUTH.LOGIN_ENDED', status: 401 });
  });

  it('notices at once that a login was ended in this process', async () => {
    const { authenticator, logins } = anAuthenticator();
    await authenticator.authenticate('1:7');
    logins.ended.add(7);
    authenticator.forget(7);
    await expect(authenticator.authenticate('1:7')).rejects.toMatchObject({ code: 'AUTH.LOGIN_ENDED' });
  });

  it("does not take one user's login for another's", async () => {
    const { authenticator } = anAuthenticator();
    await authenticator.authenticate('1:7');
    await expect(authenticator.authenticate('2:7')).rejects.toMatchObject({ code: 'AUTH.LOGIN_ENDED' });
  });

  it('keeps at most 10,000 logins in memory; the oldest goes first', async () => {
    const { authenticator, logins } = anAuthenticator();
    for (let login = 1; login <= 10_001; login += 1) await authenticator.authenticate(`1:${login}`);
    await authenticator.authenticate('1:10001');
    expect(logins.asked).toBe(10_001);
    await authenticator.authenticate('1:1');
    expect(logins.asked).toBe(10_002);
  });
});
