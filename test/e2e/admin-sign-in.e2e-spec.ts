import { Client as Postgres } from 'pg';
import { Browser } from '../support/browser-form';
import { Client, type Problem } from '../support/client';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';

const PASSWORD = 'password123';
const ADMIN = 'admin@example.com';
const SIGN_IN = { username: ADMIN, password: PASSWORD };

describe('the sign-in of the admin pages', () => {
  let parley: Parley;

  beforeAll(async () => {
    parley = await startParley();
    await Client.register(parley.url, ADMIN);
    await Client.register(parley.url, 'bob@example.com');
  });
  afterAll(() => parley.stop());

  it('sets a cookie that no script and no other site can use, and that the API does not take', async () => {
    const browser = new Browser(parley.url);
    const { headers } = await browser.submit('/admin/sign-in', SIGN_IN);
    const [pair, ...flags] = headers.get('set-cookie')!.split('; ');
    expect(flags.sort()).toEqual(['HttpOnly', 'Max-Age=43200', 'Path=/admin', 'SameSite=Strict']);
    expect(headers.get('cache-control')).toBe('no-store');
    const token = pair!.split('=')[1]!;
    const api = Object.assign(new Client(() => parley.url), { token });
    expect((await api.request<Problem>('GET', '/auth/me')).body.code).toBe('AUTH.TOKEN_INVALID');
    expect((await api.request<Problem>('GET', '/admin/queues')).body.code).toBe('AUTH.TOKEN_INVALID');
    const asCookie = await fetch(`${parley.url}/auth/me`, { headers: { cookie: pair! } });
    expect(asCookie.status).toBe(401);
  });

  it('takes no access token for a cookie', async () => {
    const client = new Client(() => parley.url);
    const { body } = await client.request<{ access_token: string }>('POST', '/auth/login', SIGN_IN);
    const answer = await client.request<Problem>('GET', '/admin/queues', undefined, {
      cookie: `parley_admin=${body.access_token}`,
    });
    expect([answer.status, answer.body.code]).toEqual([401, 'AUTH.TOKEN_INVALID']);
  });

  it('trusts no cookie that came twice', async () => {
    const browser = new Browser(parley.url);
    await browser.submit('/admin/sign-in', SIGN_IN);
    expect((await browser.get('/admin/queues')).status).toBe(200);
    browser.cookie = `${browser.cookie}; parley_admin=other`;
    expect((await browser.get('/admin/queues')).status).toBe(303);
  });

  it.each([
    [
      'a proxy that says https',
      { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'parley.example.com', origin: 'https://parley.example.com' },
    ],
    [
      'a page that came over TLS through an unknown proxy',
      { origin: 'https://parley.example.com', 'sec-fetch-site': 'same-origin' },
    ],
  ])('makes the cookie Secure behind %s', async (_what, headers) => {
    const proxied = await startParley({ TRUSTED_PROXIES: '127.0.0.1' });
    try {
      await Client.register(proxied.url, ADMIN);
      const answer = await new Browser(proxied.url).submit('/admin/sign-in', SIGN_IN, headers);
      expect(answer.headers.get('set-cookie')).toContain('; Secure');
    } finally {
      await proxied.stop();
    }
  });

  it.each([
    ['of another site', { origin: 'https://evil.example' }],
    ['of another site, says the browser', { 'sec-fetch-site': 'cross-site' }],
    ['of a neighbour', { 'sec-fetch-site': 'same-site' }],
    ['that hides where it comes from', { origin: 'null' }],
  ])('refuses a form %s, and sets no cookie', async (_what, headers: Record<string, string>) => {
    const browser = new Browser(parley.url);
    for (const path of ['/admin/sign-in', '/admin/sign-out']) {
      const answer = await browser.submit(path, path === '/admin/sign-in' ? SIGN_IN : {}, headers);
      expect([path, answer.status, answer.headers.get('set-cookie')]).toEqual([path, 403, null]);
    }
    const program = await new Client(() => parley.url).request<Problem>('POST', '/admin/sign-in', SIGN_IN);
    expect([program.status, program.body.code]).toEqual([403, 'AUTH.FOREIGN_FORM']);
  });

  it('answers a wrong password and an unknown user alike, in the form again, without the password', async () => {
    const browser = new Browser(parley.url);
    const wrong = await browser.submit('/admin/sign-in', { username: ADMIN, password: 'not "this" <one>' });
    const unknown = await browser.submit('/admin/sign-in', {
      username: 'x"><script>@example.com',
      password: 'not this one',
    });
    for (const { status, text, headers } of [wrong, unknown]) {
      expect([status, headers.get('set-cookie')]).toEqual([401, null]);
      expect(text).toContain('The username or the password is wrong.');
      expect(text).toContain('role="alert"');
      expect(text).not.toMatch(/not .*(this|one)/);
      expect(text).not.toContain('<script');
    }
    expect(wrong.text).toContain(`value="${ADMIN}"`);
  });

  it('tells somebody who is no admin what to do, and starts no login', async () => {
    const browser = new Browser(parley.url);
    const answer = await browser.submit('/admin/sign-in', { username: 'bob@example.com', password: PASSWORD });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([403, null]);
    expect(answer.text).toContain('administrators of this installation');
    expect(answer.text).toContain('role="alert"');
  });

  it('its pages have no script, load nothing and cannot be framed', async () => {
    const browser = new Browser(parley.url);
    for (const path of ['/admin/sign-in', '/admin/sign-out']) {
      const { status, headers, text } = await browser.get(path);
      expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
        200,
        'text/html; charset=utf-8',
        'no-store',
      ]);
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'/,
      );
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(text).not.toContain('<script');
      expect(text).toContain('<html lang="en">');
      expect(text).toContain('name="viewport"');
    }
    // With no-referrer a browser would send `Origin: null` with this form.
    expect((await browser.get('/admin/sign-in')).headers.get('referrer-policy')).toBe('same-origin');
  });

  it('signing out ends the login itself, not only the cookie', async () => {
    const browser = new Browser(parley.url);
    await browser.submit('/admin/sign-in', SIGN_IN);
    const { cookie } = browser;
    expect((await browser.get('/admin/queues')).status).toBe(200);
    const answer = await browser.submit('/admin/sign-out', {});
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/sign-in']);
    expect(answer.headers.get('set-cookie')).toContain('Max-Age=0');
    const replay = new Browser(parley.url);
    replay.cookie = cookie;
    expect((await replay.get('/admin/queues')).status).toBe(303);
    expect((await replay.submit('/admin/sign-out', {})).status).toBe(303);
  });

  it('ends within 5 seconds when the login is ended or the admin is none any more', async () => {
    const [ended, demoted] = [new Browser(parley.url), new Browser(parley.url)];
    const database = new Postgres({ connectionString: parley.database.url });
    await database.connect();
    try {
      await ended.submit('/admin/sign-in', SIGN_IN);
      expect((await ended.get('/admin/queues')).status).toBe(200);
      await database.query(`UPDATE logins SET revoked_at = now(), revoked_reason = 'logout'`);
      await eventually(async () => ((await ended.get('/admin/queues')).status === 303 ? true : undefined), 'the end');
      await demoted.submit('/admin/sign-in', SIGN_IN);
      expect((await demoted.get('/admin/queues')).status).toBe(200);
      await database.query(`UPDATE users SET is_instance_admin = false WHERE username = $1`, [ADMIN]);
      const page = await eventually(async () => {
        const found = await demoted.get('/admin/queues');
        return found.status === 403 ? found : undefined;
      }, 'a 403');
      expect(page.text).toContain('administrators of this installation');
      await database.query(`UPDATE users SET is_instance_admin = true WHERE username = $1`, [ADMIN]);
    } finally {
      await database.end();
    }
  });

  it('counts with the logins per IP, and tells a browser how long to wait', async () => {
    const limited = await startParley({ RATE_LIMIT_AUTH_PER_IP: '2' });
    try {
      const browser = new Browser(limited.url);
      const wrong = { username: ADMIN, password: 'wrong-password' };
      await browser.submit('/admin/sign-in', wrong);
      await new Client(() => limited.url).request('POST', '/auth/login', wrong);
      const third = await browser.submit('/admin/sign-in', wrong);
      expect(third.status).toBe(429);
      expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(third.text).toContain('Too many requests');
    } finally {
      await limited.stop();
    }
  });

  it('writes no password and no cookie to the log', () => {
    expect(parley.log()).not.toContain(PASSWORD);
    expect(parley.log()).not.toContain('parley_admin');
  });
});
