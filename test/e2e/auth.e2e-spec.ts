import { Client as PgClient } from 'pg';
import { Client, type Problem } from '../support/client';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';

interface Tokens {
  access_token: string;
  refresh_token: string;
  token_type: string;
  expires_in: number;
}

interface User {
  id: number;
  username: string;
  name: string | null;
  is_instance_admin: boolean;
  workspace_id: number;
  created_at: string;
}

const PASSWORD = 'password123';

describe('auth', () => {
  let parley: Parley;
  let anonymous: Client;

  beforeAll(async () => {
    parley = await startParley();
    anonymous = new Client(() => parley.url);
  });
  afterAll(() => parley.stop());

  const withToken = (token: string): Client => Object.assign(new Client(() => parley.url), { token });
  const me = (token: string) => withToken(token).request<User & Problem & { workspaces: unknown[] }>('GET', '/auth/me');
  const register = (username: string, fields: object = {}) =>
    anonymous.request<User & Tokens & Problem>('POST', '/auth/register', { username, password: PASSWORD, ...fields });
  const logIn = (username: string, password = PASSWORD) =>
    anonymous.request<Tokens & Problem>('POST', '/auth/login', { username, password });
  const refresh = (token: string) =>
    anonymous.request<Tokens & Problem>('POST', '/auth/refresh', { refresh_token: token });

  it('makes the first account the instance admin and owner of the default workspace, and no later one', async () => {
    const first = await register('first@example.com', { name: 'Sam Rivera' });
    expect(first.status).toBe(201);
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect(first.body).toEqual({
      id: first.body.id,
      username: 'first@example.com',
      name: 'Sam Rivera',
      is_instance_admin: true,
      workspace_id: first.body.workspace_id,
      created_at: new Date(first.body.created_at).toISOString(),
      access_token: expect.any(String) as string,
      refresh_token: expect.any(String) as string,
      token_type: 'bearer',
      expires_in: 900,
    });
    expect((await me(first.body.access_token)).body.workspaces).toEqual([
      { id: first.body.workspace_id, name: 'Sam Rivera', kind: 'personal', role: 'owner' },
      { id: expect.any(Number) as number, name: 'Default', kind: 'team', role: 'owner' },
    ]);
    const second = await register('second@example.com');
    expect(second.body).toMatchObject({ is_instance_admin: false, name: null });
    expect((await me(second.body.access_token)).body.workspaces).toHaveLength(1);
  });

  it('logs in with the e-mail address in any case', async () => {
    const { body: user } = await register('Case@Example.com');
    expect(user.username).toBe('case@example.com');
    const { status, body, headers } = await logIn('CASE@example.COM');
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.any(String) as string,
      refresh_token: expect.any(String) as string,
      token_type: 'bearer',
      expires_in: 900,
    });
    expect(headers.get('cache-control')).toBe('no-store');
    expect((await me(body.access_token)).body).toMatchObject({ id: user.id, username: 'case@example.com' });
  });

  it('refuses a second account with the same address, in any case, with 409', async () => {
    await register('taken@example.com');
    const { status, body } = await register('Taken@Example.com');
    expect(status).toBe(409);
    expect(body.code).toBe('AUTH.USERNAME_TAKEN');
  });

  it.each([
    ['username', { username: 'no-address' }],
    ['password', { password: 'short' }],
    ['name', { name: '' }],
    ['is_instance_admin', { is_instance_admin: true }],
  ])('refuses a registration with a wrong %s with a 422 that names it', async (field, fields) => {
    const { status, body } = await register('wrong@example.com', fields);
    expect(status).toBe(422);
    expect(body.errors?.map((error) => error.field)).toEqual([field]);
  });

  it('answers a wrong password and an unknown user alike: 401, WWW-Authenticate, the same text', async () => {
    await register('known@example.com');
    const wrong = await logIn('known@example.com', 'not the password');
    const unknown = await logIn('unknown@example.com', 'not the password');
    for (const { status, headers, body } of [wrong, unknown]) {
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(body.code).toBe('AUTH.BAD_CREDENTIALS');
      expect(body.detail).toBe(wrong.body.detail);
    }
  });

  it.each([
    ['no token', {}],
    ['another scheme', { authorization: 'Basic dXNlcjpwYXNz' }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['a token that is none', { authorization: 'Bearer abc.def.ghi' }],
    ['two tokens', { authorization: 'Bearer abc def' }],
  ])('refuses a private route with %s: 401 with WWW-Authenticate', async (_what, headers: Record<string, string>) => {
    const answer = await anonymous.request<Problem>('GET', '/auth/me', undefined, headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(answer.body.code).toMatch(/^AUTH\.(REQUIRED|TOKEN_INVALID)$/);
  });

  it('gives a new pair for a refresh token, each good once; a token that comes again ends the login', async () => {
    const { body: first } = await register('rotate@example.com');
    const second = await refresh(first.refresh_token);
    expect(second.status).toBe(200);
    expect(second.body.refresh_token).not.toBe(first.refresh_token);
    expect((await me(second.body.access_token)).status).toBe(200);
    const replay = await refresh(first.refresh_token);
    expect([replay.status, replay.body.code]).toEqual([401, 'AUTH.REFRESH_REUSED']);
    const newest = await refresh(second.body.refresh_token);
    expect([newest.status, newest.body.code]).toEqual([401, 'AUTH.REFRESH_INVALID']);
    expect([await me(second.body.access_token), await me(first.access_token)].map(({ status }) => status)).toEqual([
      401, 401,
    ]);
  });

  it('lets one of 20 parallel refreshes with one token win, and then the login is dead', async () => {
    const { body: tokens } = await register('race@example.com');
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(tokens.refresh_token)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
    expect((await refresh(won[0]!.body.refresh_token)).status).toBe(401);
    expect((await me(won[0]!.body.access_token)).status).toBe(401);
  });

  it('ends this login and no other on logout', async () => {
    const { body: here } = await register('logout@example.com');
    const { body: there } = await logIn('logout@example.com');
    expect((await withToken(here.access_token).request('POST', '/auth/logout')).status).toBe(204);
    expect((await me(here.access_token)).body.code).toBe('AUTH.LOGIN_ENDED');
    expect((await refresh(here.refresh_token)).status).toBe(401);
    expect((await me(there.access_token)).status).toBe(200);
  });

  it('takes a logout with the refresh token in its body, as other clients send it', async () => {
    const { body } = await register('logout-body@example.com');
    const answer = await withToken(body.access_token).request('POST', '/auth/logout', {
      refresh_token: body.refresh_token,
    });
    expect(answer.status).toBe(204);
    expect((await refresh(body.refresh_token)).status).toBe(401);
  });

  it('notices within 5 seconds that a login was ended by another process', async () => {
    const { body } = await register('elsewhere@example.com');
    expect((await me(body.access_token)).status).toBe(200);
    const database = new PgClient({ connectionString: parley.database.url });
    await database.connect();
    await database.query(`UPDATE logins SET revoked_at = now(), revoked_reason = 'logout' WHERE user_id = $1`, [
      body.id,
    ]);
    await database.end();
    const since = performance.now();
    await eventually(async () => ((await me(body.access_token)).status === 401 ? true : undefined), 'a 401');
    expect(performance.now() - since).toBeLessThan(5500);
  });

  it('takes 60 logins at once without losing one', async () => {
    await register('many@example.com');
    const answers = await Promise.all(Array.from({ length: 60 }, () => logIn('many@example.com')));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
  });

  it('writes no password and no token to the log', async () => {
    const { body } = await register('log@example.com', { password: 'a-very-special-password' });
    await logIn('log@example.com', 'a-very-special-password-but-wrong');
    await refresh(body.refresh_token);
    await refresh(body.refresh_token);
    const secrets = ['a-very-special-password', body.access_token, body.refresh_token];
    for (const secret of secrets) expect(parley.log()).not.toContain(secret);
  });
});
