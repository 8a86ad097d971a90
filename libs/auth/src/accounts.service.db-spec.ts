import type { AppConfig, EventsBus } from '@app/platform';
import { JwtService } from '@nestjs/jwt';
import { testDatabase, type TestDatabase } from '../../../test/support/database';
import { AccountsService } from './accounts.service';
import { Authenticator } from './authenticator';
import { LoginsService } from './logins.service';
import { PasswordHasher } from './passwords/password-hasher';
import { LoginsRepository } from './persistence/logins.repository';
import { UsersRepository } from './persistence/users.repository';
import { WorkspacesRepository } from './persistence/workspaces.repository';
import { AccessTokens } from './tokens/access-tokens';
import { SigningKeys } from './tokens/signing-keys';

const config = {
  auth: {
    secretKeys: ['a-secret-of-at-least-thirty-two-characters'],
    accessTokenTtlSeconds: 900,
    refreshTokenTtlSeconds: 3600,
  },
} as AppConfig;

/** Nobody holds a connection open here. */
const noEvents = { publish: () => undefined } as unknown as EventsBus;

interface Auth {
  accounts: AccountsService;
  logins: LoginsService;
  authenticator: Authenticator;
}

function wire({ database }: TestDatabase): Auth {
  const users = new UsersRepository(database);
  const loginsRepository = new LoginsRepository(database);
  const accessTokens = new AccessTokens(new JwtService({}), new SigningKeys(config), config);
  const authenticator = new Authenticator(accessTokens, loginsRepository);
  const passwords = new PasswordHasher();
  const logins = new LoginsService(users, loginsRepository, passwords, accessTokens, authenticator, noEvents, config);
  return {
    accounts: new AccountsService(database, users, new WorkspacesRepository(database), passwords, logins),
    logins,
    authenticator,
  };
}

const account = (username: string): { username: string; password: string; name: null } => ({
  username,
  password: 'password123',
  name: null,
});

describe('AccountsService', () => {
  let db: TestDatabase;
  let auth: Auth;

  beforeEach(async () => {
    db = await testDatabase();
    auth = wire(db);
  });
  afterEach(() => db.close());

  it('makes exactly one of the first registrations at the same moment the instance admin and owner of the default workspace', async () => {
    const registered = await Promise.all(
      Array.from({ length: 8 }, (_, index) => auth.accounts.register(account(`user${index}@example.com`))),
    );
    const admins = registered.filter(({ user }) => user.isInstanceAdmin);
    expect(admins).toHaveLength(1);
    const owners = await db.database.query<{ user_id: number; role: string }>(
      `SELECT m.user_id, m.role FROM workspace_members m JOIN workspaces w ON w.id = m.workspace_id WHERE w.is_default`,
    );
    expect(owners).toEqual([{ user_id: admins[0]!.user.id, role: 'owner' }]);
  });

  it('makes no second admin later', async () => {
    await auth.accounts.register(account('first@example.com'));
    await expect(auth.accounts.register(account('second@example.com'))).resolves.toMatchObject({
      user: { isInstanceAdmin: false },
    });
  });

  it('gives every user a personal workspace of which they are the owner', async () => {
    await auth.accounts.register(account('first@example.com'));
    const { user } = await auth.accounts.register({ ...account('sam@example.com'), name: 'Sam' });
    await expect(auth.accounts.describe(user.id)).resolves.toEqual({
      user,
      workspaces: [{ id: user.workspaceId, name: 'Sam', kind: 'personal', role: 'owner' }],
    });
  });

  it('lets one of several registrations with one address win, and leaves nothing of the others', async () => {
    const spellings = ['sam@example.com', 'Sam@example.com', 'SAM@EXAMPLE.COM', ' sam@Example.com '];
    const results = await Promise.allSettled(spellings.map((username) => auth.accounts.register(account(username))));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results.filter(({ status }) => status === 'rejected')) {
      expect((result as PromiseRejectedResult).reason).toMatchObject({ code: 'AUTH.USERNAME_TAKEN', status: 409 });
    }
    await expect(db.database.query(`SELECT id FROM workspaces WHERE kind = 'personal'`)).resolves.toHaveLength(1);
  });

  it('keeps neither the password nor a token as it is', async () => {
    const { tokens } = await auth.accounts.register(account('sam@example.com'));
    const [row] = await db.database.query<{ everything: string }>(
      `SELECT (SELECT string_agg(u::text, ' ') FROM users u) || (SELECT string_agg(t::text || encode(t.token_hash, 'escape'), ' ') FROM refresh_tokens t) AS everything`,
    );
    for (const secret of ['password123', tokens.refreshToken, tokens.accessToken]) {
      expect(row!.everything).not.toContain(secret);
    }
  });

  it('gives a wrong password and an unknown user the same answer', async () => {
    await auth.accounts.register(account('sam@example.com'));
    const failure = (username: string, password: string): Promise<unknown> =>
      auth.logins.logIn(username, password).catch((error: unknown) => error);
    const wrong = await failure('sam@example.com', 'not the password');
    expect(wrong).toMatchObject({ code: 'AUTH.BAD_CREDENTIALS', status: 401 });
    expect(await failure('nobody@example.com', 'password123')).toEqual(wrong);
  });

  it('with 20 parallel refreshes of one token: one wins, and then the login is dead for its winner too', async () => {
    const { tokens } = await auth.accounts.register(account('sam@example.com'));
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => auth.logins.refresh(tokens.refreshToken)),
    );
    const won = results.filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'rejected') {
        expect(result.reason).toMatchObject({ code: 'AUTH.REFRESH_REUSED', status: 401 });
      }
    }
    await expect(auth.logins.refresh(won[0]!.value.refreshToken)).rejects.toMatchObject({
      code: 'AUTH.REFRESH_INVALID',
    });
    await expect(auth.authenticator.authenticate(won[0]!.value.accessToken)).rejects.toMatchObject({
      code: 'AUTH.LOGIN_ENDED',
    });
  });

  it('ends one login on logout and leaves the other', async () => {
    await auth.accounts.register(account('sam@example.com'));
    const [first, second] = [
      await auth.logins.logIn('sam@example.com', 'password123'),
      await auth.logins.logIn('SAM@example.com', 'password123'),
    ];
    const { principal } = await auth.authenticator.authenticate(first.accessToken);
    await auth.logins.logOut(principal);
    await expect(auth.authenticator.authenticate(first.accessToken)).rejects.toMatchObject({
      code: 'AUTH.LOGIN_ENDED',
    });
    await expect(auth.logins.refresh(first.refreshToken)).rejects.toMatchObject({ code: 'AUTH.REFRESH_INVALID' });
    await expect(auth.authenticator.authenticate(second.accessToken)).resolves.toBeDefined();
    await expect(auth.logins.refresh(second.refreshToken)).resolves.toBeDefined();
  });
});
