import { AppConfig, EventsBus, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { badCredentials, refreshTokenInvalid, refreshTokenReused } from './auth.errors';
import { Authenticator } from './authenticator';
import { PasswordHasher } from './passwords/password-hasher';
import { LoginsRepository } from './persistence/logins.repository';
import { UsersRepository } from './persistence/users.repository';
import { AccessTokens } from './tokens/access-tokens';
import { hashRefreshToken, newRefreshToken } from './tokens/refresh-token';
import { normaliseUsername } from './username';

export interface TokenPair {
  accessToken: string;
  refreshToken: string;
  /** Lifetime of the access token. */
  expiresInSeconds: number;
}

@Injectable()
export class LoginsService {
  constructor(
    private readonly users: UsersRepository,
    private readonly logins: LoginsRepository,
    private readonly passwords: PasswordHasher,
    private readonly accessTokens: AccessTokens,
    private readonly authenticator: Authenticator,
    private readonly events: EventsBus,
    private readonly config: AppConfig,
  ) {}

  /** @throws 401 AUTH.BAD_CREDENTIALS, the same for an unknown user and a wrong password, after the same work */
  async logIn(username: string, password: string): Promise<TokenPair> {
    return this.start((await this.checkPassword(username, password)).id);
  }

  /** Whose username and password these are. @throws as {@link logIn} */
  async checkPassword(username: string, password: string): Promise<{ id: number; isInstanceAdmin: boolean }> {
    const user = await this.users.findByUsername(normaliseUsername(username));
    const matches = await this.passwords.verify(user?.passwordHash, password);
    if (user === null || !matches) throw badCredentials();
    return { id: user.id, isInstanceAdmin: user.isInstanceAdmin };
  }

  /** A new login: a new family of refresh tokens. */
  async start(userId: number): Promise<TokenPair> {
    const refreshToken = newRefreshToken();
    const loginId = await this.logins.create(
      userId,
      hashRefreshToken(refreshToken),
      this.config.auth.refreshTokenTtlSeconds,
    );
    return this.pair(userId, loginId, refreshToken);
  }

  /**
   * Exchanges a refresh token for a new pair. Each is good once: when one comes a second time, thief and owner cannot be told
   * apart, so the whole login ends.
   * @throws 401 AUTH.REFRESH_REUSED or AUTH.REFRESH_INVALID
   */
  async refresh(refreshToken: string): Promise<TokenPair> {
    const hash = hashRefreshToken(refreshToken);
    const next = newRefreshToken();
    const login = await this.logins.rotate(hash, hashRefreshToken(next), this.config.auth.refreshTokenTtlSeconds);
    if (login !== undefined) return this.pair(login.userId, login.loginId, next);
    const revokedLoginId = await this.logins.revokeFamilyOfUsed(hash);
    if (revokedLoginId === undefined) throw refreshTokenInvalid();
    this.ended(revokedLoginId);
    throw refreshTokenReused();
  }

  /** Ends the caller's login with all its tokens; other logins of the same user go on. */
  async logOut(principal: Principal): Promise<void> {
    await this.logins.revoke(principal.loginId, 'logout');
    this.ended(principal.loginId);
  }

  /** Which of these logins do not stand any more, for those who hold connections open on them. */
  async endedAmong(loginIds: readonly number[]): Promise<number[]> {
    return loginIds.length === 0 ? [] : this.logins.endedAmong(loginIds);
  }

  /** This process believes its tokens no longer, and whoever holds a connection open on it is told. */
  private ended(loginId: number): void {
    this.authenticator.forget(loginId);
    this.events.publish({ type: 'access.revoked', loginId });
  }

  private async pair(userId: number, loginId: number, refreshToken: string): Promise<TokenPair> {
    const { token, expiresInSeconds } = await this.accessTokens.issue(userId, loginId);
    return { accessToken: token, refreshToken, expiresInSeconds };
  }
}
