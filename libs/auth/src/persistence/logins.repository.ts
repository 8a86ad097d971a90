import { Database, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type RevokedReason } from './login.entity';

/** Small statements, so that cleaning never holds many locks. */
const DELETE_BATCH = 5000;
/** An ended login is of no use but to explain itself; a day is enough for that. */
const KEEP_REVOKED = '1 day';

export interface LoginRef {
  loginId: number;
  userId: number;
}

/** Logins (= families of refresh tokens) and their tokens. */
@Injectable()
export class LoginsRepository {
  constructor(private readonly database: Database) {}

  /** Starts a login with its first refresh token; returns its id. */
  async create(userId: number, tokenHash: Buffer, ttlSeconds: number): Promise<number> {
    const [row] = await this.database.query<{ id: number }>(
      `WITH login AS (
         INSERT INTO logins (user_id, expires_at) VALUES ($1, now() + make_interval(secs => $3)) RETURNING id, expires_at)
       INSERT INTO refresh_tokens (login_id, token_hash, expires_at) SELECT id, $2, expires_at FROM login RETURNING login_id AS id`,
      [userId, tokenHash, ttlSeconds],
    );
    if (row === undefined) throw new Error('The login was not made.');
    return row.id;
  }

  /**
   * Exchanges a refresh token for the next one of its login. The UPDATE decides: of two refreshes with one token the second waits
   * for the first and then finds it used. Returns nothing when the token is used, expired, unknown or of an ended login.
   */
  async rotate(tokenHash: Buffer, nextHash: Buffer, ttlSeconds: number): Promise<LoginRef | undefined> {
    return this.database.transaction(async () => {
      const [login] = await this.database.query<LoginRef>(
        `UPDATE refresh_tokens t SET used_at = now() FROM logins l
         WHERE t.token_hash = $1 AND t.used_at IS NULL AND t.expires_at > now() AND l.id = t.login_id AND l.revoked_at IS NULL
         RETURNING l.id AS "loginId", l.user_id AS "userId"`,
        [tokenHash],
      );
      if (login === undefined) return undefined;
      await this.database.query(
        `WITH login AS (
           UPDATE logins SET last_used_at = now(), expires_at = now() + make_interval(secs => $3) WHERE id = $1 RETURNING id, expires_at)
         INSERT INTO refresh_tokens (login_id, token_hash, expires_at) SELECT id, $2, expires_at FROM login`,
        [login.loginId, nextHash, ttlSeconds],
      );
      return login;
    });
  }

  /** Ends the login of a refresh token that was used before. Returns its id; nothing when the token is unknown or was never used. */
  async revokeFamilyOfUsed(tokenHash: Buffer): Promise<number | undefined> {
    const [token] = await this.database.query<{ loginId: number }>(
      `SELECT login_id AS "loginId" FROM refresh_tokens WHERE token_hash = $1 AND used_at IS NOT NULL`,
      [tokenHash],
    );
    if (token !== undefined) await this.revoke(token.loginId, 'reuse');
    return token?.loginId;
  }

  /** Ends a login: its refresh tokens are dead at once, its access tokens within the guard's cache time. */
  async revoke(loginId: number, reason: RevokedReason): Promise<void> {
    await this.database.query(
      `UPDATE logins SET revoked_at = now(), revoked_reason = $2 WHERE id = $1 AND revoked_at IS NULL`,
      [loginId, reason],
    );
  }

  /** Who a living login belongs to; nothing when it has ended, has expired or is not this user's. */
  async findPrincipal(loginId: number, userId: number): Promise<Principal | undefined> {
    const [principal] = await this.database.query<Principal>(
      `SELECT u.id AS "userId", w.id AS "workspaceId", l.id AS "loginId", u.is_instance_admin AS "isInstanceAdmin"
       FROM logins l JOIN users u ON u.id = l.user_id JOIN workspaces w ON w.personal_user_id = u.id
       WHERE l.id = $1 AND l.user_id = $2 AND l.revoked_at IS NULL AND l.expires_at > now()`,
      [loginId, userId],
    );
    return principal;
  }

  /** Which of these logins do not stand any more: ended, expired, or gone with their user. */
  async endedAmong(loginIds: readonly number[]): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      `SELECT asked.id FROM unnest($1::bigint[]) AS asked (id)
       LEFT JOIN logins l ON l.id = asked.id AND l.revoked_at IS NULL AND l.expires_at > now() WHERE l.id IS NULL`,
      [loginIds],
    );
    return rows.map((row) => row.id);
  }

  /** Deletes what can never be used again: expired refresh tokens, expired logins, logins that ended over a day ago. Returns how many. */
  async deleteExpired(): Promise<{ logins: number; refreshTokens: number }> {
    return {
      logins: await this.deleteInBatches(
        'logins',
        `expires_at < now() OR revoked_at < now() - interval '${KEEP_REVOKED}'`,
      ),
      refreshTokens: await this.deleteInBatches('refresh_tokens', 'expires_at < now()'),
    };
  }

  private async deleteInBatches(table: 'logins' | 'refresh_tokens', condition: string): Promise<number> {
    for (let total = 0; ;) {
      const rows = await this.database.query<{ id: number }>(
        `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE ${condition} LIMIT ${DELETE_BATCH} FOR UPDATE SKIP LOCKED) RETURNING id`,
      );
      total += rows.length;
      if (rows.length < DELETE_BATCH) return total;
    }
  }
}
