import { AppConfig } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { tokenExpired, tokenInvalid } from '../auth.errors';
import { SigningKeys } from './signing-keys';

const ISSUER = 'parley';
/** What a token is good for. One for the API opens no admin page, and the other way round. */
export type TokenPurpose = 'api' | 'admin-page';
const AUDIENCES: Record<TokenPurpose, string> = { api: 'parley-api', 'admin-page': 'parley-admin-page' };
/** Ours have about 250 characters; nobody's parser has to look at more than this. */
const MAX_TOKEN_LENGTH = 2000;

/** About 3 MB. The signature of a token is checked once, its end each time; the oldest goes first. */
const MAX_VERIFIED = 5000;

export interface AccessTokenClaims {
  userId: number;
  loginId: number;
  expiresAt: Date;
}

/** Signs and checks access tokens (JWT, HS256). Those of the API live at most 15 minutes; whether the login still stands is not in them. */
@Injectable()
export class AccessTokens {
  private readonly verified = new Map<string, AccessTokenClaims>();

  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
    private readonly config: AppConfig,
  ) {}

  async issue(
    userId: number,
    loginId: number,
    purpose: TokenPurpose = 'api',
    expiresInSeconds = this.config.auth.accessTokenTtlSeconds,
  ): Promise<{ token: string; expiresInSeconds: number }> {
    const { kid, key } = this.keys.current;
    const token = await this.jwt.signAsync(
      { lid: loginId },
      {
        secret: key,
        keyid: kid,
        algorithm: 'HS256',
        subject: String(userId),
        issuer: ISSUER,
        audience: AUDIENCES[purpose],
        expiresIn: expiresInSeconds,
      },
    );
    return { token, expiresInSeconds };
  }

  /** @throws 401 AUTH.TOKEN_EXPIRED or AUTH.TOKEN_INVALID */
  async verify(token: string, purpose: TokenPurpose = 'api'): Promise<AccessTokenClaims> {
    // What a token was good for is part of what is remembered.
    const key = `${purpose} ${token}`;
    const known = this.verified.get(key);
    if (known !== undefined && known.expiresAt.getTime() > Date.now()) return known;
    const claims = await this.check(token, purpose);
    const oldest = this.verified.keys().next();
    if (this.verified.size >= MAX_VERIFIED && oldest.done !== true) this.verified.delete(oldest.value);
    this.verified.set(key, claims);
    return claims;
  }

  private async check(token: string, purpose: TokenPurpose): Promise<AccessTokenClaims> {
    const key = token.length > MAX_TOKEN_LENGTH ? undefined : this.keys.find(this.kidOf(token));
    if (key === undefined) throw tokenInvalid();
    const claims = await this.jwt
      .verifyAsync<Record<string, unknown>>(token, {
        secret: key,
        algorithms: ['HS256'],
        issuer: ISSUER,
        audience: AUDIENCES[purpose],
      })
      .catch((error: unknown) => {
        throw error instanceof Error && error.name === 'TokenExpiredError' ? tokenExpired() : tokenInvalid();
      });
    const userId = Number(claims.sub);
    const { lid: loginId, exp } = claims;
    if (!Number.isSafeInteger(userId) || !isId(loginId) || !isId(exp)) throw tokenInvalid();
    return { userId, loginId, expiresAt: new Date(exp * 1000) };
  }

  private kidOf(token: string): string {
    try {
      const decoded: unknown = this.jwt.decode(token, { complete: true });
      const kid = (decoded as { header?: { kid?: unknown } } | null)?.header?.kid;
      return typeof kid === 'string' ? kid : '';
    } catch {
      // Header or payload is no JSON: it names no key of ours.
      return '';
    }
  }
}

const isId = (value: unknown): value is number => Number.isSafeInteger(value);
