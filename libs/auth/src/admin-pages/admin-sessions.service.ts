import type { Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { adminLoginRequired, adminsOnly } from '../auth.errors';
import { Authenticator } from '../authenticator';
import { bearerToken } from '../bearer-token';
import { LoginsService } from '../logins.service';
import { LoginsRepository } from '../persistence/logins.repository';
import { AccessTokens } from '../tokens/access-tokens';
import { hashRefreshToken, newRefreshToken } from '../tokens/refresh-token';
import { readAdminCookie } from './admin-cookie';

/** A working day; then the administrator signs in again. */
const SESSION_SECONDS = 43_200;

export interface AdminSession {
  /** For the cookie: names the login and is of no use to the API. */
  token: string;
  expiresInSeconds: number;
}

/** The requests that can reach an admin page carry one of these. */
interface Credentials {
  authorization?: string;
  cookie?: string;
}

/**
 * Logins for the admin pages. Such a login is one like any other, so it ends and is checked like any other; only its token lies in a cookie,
 * because a browser that opens a page sends no `Authorization` header.
 */
@Injectable()
export class AdminSessions {
  constructor(
    private readonly logins: LoginsService,
    private readonly loginRows: LoginsRepository,
    private readonly accessTokens: AccessTokens,
    private readonly authenticator: Authenticator,
  ) {}

  /** @throws 401 AUTH.BAD_CREDENTIALS (as `POST /auth/login`), 403 AUTH.ADMINS_ONLY */
  async signIn(username: string, password: string): Promise<AdminSession> {
    const user = await this.logins.checkPassword(username, password);
    if (!user.isInstanceAdmin) throw adminsOnly();
    // A login has a refresh token. Nobody gets to know this one: the session ends when its time is up.
    const loginId = await this.loginRows.create(user.id, hashRefreshToken(newRefreshToken()), SESSION_SECONDS);
    return this.accessTokens.issue(user.id, loginId, 'admin-page', SESSION_SECONDS);
  }

  /**
   * The administrator who sends this request, by bearer token or else by cookie.
   * @throws 401 AUTH.REQUIRED, AUTH.TOKEN_INVALID, AUTH.TOKEN_EXPIRED or AUTH.LOGIN_ENDED, 403 AUTH.ADMINS_ONLY
   */
  async authenticate({ authorization, cookie }: Credentials): Promise<Principal> {
    const principal = authorization === undefined ? await this.byCookie(cookie) : await this.byBearer(authorization);
    if (!principal.isInstanceAdmin) throw adminsOnly();
    return principal;
  }

  /** Ends the login of the cookie; without a living one there is nothing to end. */
  async signOut(cookie: string | undefined): Promise<void> {
    const principal = await this.byCookie(cookie).catch((error: { status?: number }) => {
      if (error.status === 401) return undefined;
      throw error;
    });
    if (principal !== undefined) await this.logins.logOut(principal);
  }

  private async byBearer(authorization: string): Promise<Principal> {
    const token = bearerToken(authorization);
    if (token === undefined) throw adminLoginRequired();
    return (await this.authenticator.authenticate(token)).principal;
  }

  private async byCookie(cookie: string | undefined): Promise<Principal> {
    const token = readAdminCookie(cookie);
    if (token === undefined) throw adminLoginRequired();
    return (await this.authenticator.authenticate(token, 'admin-page')).principal;
  }
}
