import { type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { loginEnded } from './auth.errors';
import { LoginsRepository } from './persistence/logins.repository';
import { AccessTokens, type TokenPurpose } from './tokens/access-tokens';

/** So long may a login that was ended in another process still be believed. */
const CACHE_MS = 5000;
/** About 2 MB. The oldest goes first. */
const MAX_CACHED = 10_000;

interface CachedLogin {
  principal: Principal;
  checkedAtMs: number;
}

export interface Authentication {
  principal: Principal;
  /** When the access token ends; a long-lived connection must ask again then. */
  expiresAt: Date;
}

/** Says who holds an access token, for every door: the HTTP guard and the socket handshake. */
@Injectable()
export class Authenticator {
  private readonly cache = new Map<number, CachedLogin>();

  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly logins: LoginsRepository,
  ) {}

  /** @throws 401 AUTH.TOKEN_INVALID, AUTH.TOKEN_EXPIRED or AUTH.LOGIN_ENDED */
  async authenticate(token: string, purpose: TokenPurpose = 'api'): Promise<Authentication> {
    const { userId, loginId, expiresAt } = await this.accessTokens.verify(token, purpose);
    const principal = this.cached(loginId) ?? (await this.look(loginId, userId));
    // The cache is asked by login only, so its answer must be for the token's user.
    if (principal === undefined || principal.userId !== userId) throw loginEnded();
    return { principal, expiresAt };
  }

  /** The login has ended: this process asks the database the next time. */
  forget(loginId: number): void {
    this.cache.delete(loginId);
  }

  private cached(loginId: number): Principal | undefined {
    const entry = this.cache.get(loginId);
    if (entry === undefined) return undefined;
    const ageMs = performance.now() - entry.checkedAtMs;
    return ageMs < CACHE_MS ? entry.principal : undefined;
  }

  private async look(loginId: number, userId: number): Promise<Principal | undefined> {
    // Before the query: what it sees is at least this old.
    const checkedAtMs = performance.now();
    const principal = await this.logins.findPrincipal(loginId, userId);
    this.cache.delete(loginId);
    if (principal === undefined) return undefined;
    if (this.cache.size >= MAX_CACHED) {
      const oldest = this.cache.keys().next();
      if (oldest.done !== true) this.cache.delete(oldest.value);
    }
    this.cache.set(loginId, { principal, checkedAtMs });
    return principal;
  }
}
