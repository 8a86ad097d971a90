import { randomBytes } from 'node:crypto';
import { testDatabase, type TestDatabase } from '../../../../test/support/database';
import { LoginsRepository } from './logins.repository';
import { UsersRepository } from './users.repository';
import { WorkspacesRepository } from './workspaces.repository';

const HOUR = 3600;
const aHash = (): Buffer => randomBytes(32);

describe('LoginsRepository', () => {
  let db: TestDatabase;
  let logins: LoginsRepository;
  let users = 0;

  beforeAll(async () => {
    db = await testDatabase();
    logins = new LoginsRepository(db.database);
  });
  afterAll(() => db.close());

  async function aUser(): Promise<{ userId: number; workspaceId: number }> {
    const user = await new UsersRepository(db.database).insert({
      username: `user${(users += 1)}@example.com`,
      passwordHash: 'x',
      name: null,
      isInstanceAdmin: false,
    });
    return {
      userId: user!.id,
      workspaceId: await new WorkspacesRepository(db.database).createPersonal(user!.id, 'mine'),
    };
  }

  async function aLogin(
    ttlSeconds = HOUR,
  ): Promise<{ userId: number; workspaceId: number; loginId: number; token: Buffer }> {
    const token = aHash();
    const user = await aUser();
    return { ...user, loginId: await logins.create(user.userId, token, ttlSeconds), token };
  }

  const expire = (loginId: number): Promise<unknown> =>
    db.database.query(
      `WITH l AS (UPDATE logins SET expires_at = now() - interval '1 second' WHERE id = $1)
       UPDATE refresh_tokens SET expires_at = now() - interval '1 second' WHERE login_id = $1`,
      [loginId],
    );

  it('rotates a refresh token once, and its successor once', async () => {
    const { userId, loginId, token } = await aLogin();
    const [second, third] = [aHash(), aHash()];
    await expect(logins.rotate(token, second, HOUR)).resolves.toEqual({ loginId, userId });
    await expect(logins.rotate(token, aHash(), HOUR)).resolves.toBeUndefined();
    await expect(logins.rotate(second, third, HOUR)).resolves.toEqual({ loginId, userId });
  });

  it('lets exactly one of 20 parallel refreshes with one token win', async () => {
    const { token } = await aLogin();
    const results = await Promise.all(Array.from({ length: 20 }, () => logins.rotate(token, aHash(), HOUR)));
    expect(results.filter((result) => result !== undefined)).toHaveLength(1);
  });

  it('ends the family of a token that comes again: its newest token is dead too', async () => {
    const { userId, loginId, token } = await aLogin();
    const next = aHash();
    await logins.rotate(token, next, HOUR);
    await expect(logins.revokeFamilyOfUsed(token)).resolves.toBe(loginId);
    await expect(logins.rotate(next, aHash(), HOUR)).resolves.toBeUndefined();
    await expect(logins.findPrincipal(loginId, userId)).resolves.toBeUndefined();
  });

  it('ends nothing for a token that is unknown or was not used yet', async () => {
    const { userId, loginId, token } = await aLogin();
    await expect(logins.revokeFamilyOfUsed(aHash())).resolves.toBeUndefined();
    await expect(logins.revokeFamilyOfUsed(token)).resolves.toBeUndefined();
    await expect(logins.findPrincipal(loginId, userId)).resolves.toBeDefined();
  });

  it('refuses to rotate an expired token, and the token of a login that was ended', async () => {
    const expired = await aLogin();
    await expire(expired.loginId);
    await expect(logins.rotate(expired.token, aHash(), HOUR)).resolves.toBeUndefined();
    const ended = await aLogin();
    await logins.revoke(ended.loginId, 'logout');
    await expect(logins.rotate(ended.token, aHash(), HOUR)).resolves.toBeUndefined();
  });

  it('tells who a living login belongs to, and only for the right user', async () => {
    const { userId, workspaceId, loginId } = await aLogin();
    await expect(logins.findPrincipal(loginId, userId)).resolves.toEqual({
      userId,
      workspaceId,
      loginId,
      isInstanceAdmin: false,
    });
    await expect(logins.findPrincipal(loginId, userId + 1)).resolves.toBeUndefined();
    await expire(loginId);
    await expect(logins.findPrincipal(loginId, userId)).resolves.toBeUndefined();
  });

  it('keeps only hashes of tokens: what is no SHA-256 is refused', async () => {
    const { userId } = await aLogin();
    await expect(logins.create(userId, Buffer.from('a-token-in-plain-text'), HOUR)).rejects.toThrow(
      'refresh_tokens_token_hash_is_sha256',
    );
  });

  it('cleans up expired logins with their tokens, old tokens of living logins, and logins that ended long ago; nothing else', async () => {
    const [living, expired, justEnded, endedLongAgo] = [await aLogin(), await aLogin(), await aLogin(), await aLogin()];
    await expire(expired.loginId);
    await logins.rotate(living.token, aHash(), HOUR);
    await db.database.query(
      `UPDATE refresh_tokens SET expires_at = now() - interval '1 second' WHERE token_hash = $1`,
      [living.token],
    );
    await logins.revoke(justEnded.loginId, 'logout');
    await logins.revoke(endedLongAgo.loginId, 'logout');
    await db.database.query(`UPDATE logins SET revoked_at = now() - interval '2 days' WHERE id = $1`, [
      endedLongAgo.loginId,
    ]);
    await logins.deleteExpired();
    const ids = [living, expired, justEnded, endedLongAgo].map(({ loginId }) => loginId);
    const left = await db.database.query<{ id: number; tokens: number }>(
      `SELECT l.id, count(t.id) AS tokens FROM logins l LEFT JOIN refresh_tokens t ON t.login_id = l.id WHERE l.id = ANY ($1) GROUP BY l.id ORDER BY l.id`,
      [ids],
    );
    expect(left).toEqual([
      { id: living.loginId, tokens: 1 },
      { id: justEnded.loginId, tokens: 1 },
    ]);
    await expect(logins.deleteExpired()).resolves.toEqual({ logins: 0, refreshTokens: 0 });
  });
});
