import { Client as Postgres } from 'pg';
import { type Answer, Client, type Problem } from '../support/client';
import { type Parley, startParley } from '../support/parley';
import { eventually, ParleyProcess } from '../support/process';
import { type SupportSession, Visitor } from '../support/visitor';
import { inSeconds, userHashOf, userTokenOf as tokenOf } from '../support/visitor-proof';

interface Door {
  workspace_id: number;
  public_key: string;
  persona_id: number;
  is_enabled: boolean;
  is_answered: boolean;
  allowed_origins: string[];
  requires_identity: boolean;
  has_identity_secret: boolean;
}

const SHOP = 'https://shop.example.com';
/** What switching off may take to count in all processes. */
const WITHIN_SECONDS = 20;

describe('the support door of a workspace', () => {
  let parley: Parley;
  let secondApi: ParleyProcess;
  let sql: Postgres;
  let owner: Client;
  let workspace: number;
  let persona: number;
  let path: string;

  beforeAll(async () => {
    // Visitors without a key are not let in where others can reach the installation.
    parley = await startParley({ SUPPORT_KEYLESS: 'false', CORS_ORIGINS: 'https://console.example.com' });
    secondApi = await ParleyProcess.start('api', parley.settings);
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
  });
  afterAll(async () => {
    await sql.end();
    await secondApi.kill();
    await parley.stop();
  });
  beforeEach(async () => {
    owner = await Client.register(parley.url);
    workspace = (await owner.request<{ workspace_id: number }>('GET', '/auth/me')).body.workspace_id;
    persona = await owner.persona({ visibility: 'workspace' });
    path = `/workspaces/${workspace}/support-door`;
  });

  const url = (): string => parley.url;
  const save = (fields: Record<string, unknown> = {}, who = owner): Promise<Answer<Door & Problem>> =>
    who.request('PUT', path, { persona_id: persona, ...fields });
  const open = async (fields: Record<string, unknown> = {}): Promise<Door> => {
    const { status, body } = await save(fields);
    expect({ status, body }).toMatchObject({ status: 200 });
    return body;
  };
  const secretOf = async (): Promise<string> =>
    (await owner.request<{ identity_secret: string }>('POST', `${path}/identity-secret`)).body.identity_secret;
  const begin = (
    key: string,
    body: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ): Promise<Answer<SupportSession & Problem>> =>
    new Visitor(url, { 'x-parley-key': key, ...headers }).request('POST', '/session', body);

  describe('its settings', () => {
    it('an owner makes it, reads it, changes it and removes it', async () => {
      expect(await owner.request('GET', path)).toMatchObject({ status: 404, body: { code: 'SUPPORT.DOOR_NOT_FOUND' } });
      const made = await open({ allowed_origins: ['https://Shop.Example.com/', 'https://*.example.org:8443'] });
      expect(made).toMatchObject({
        workspace_id: workspace,
        public_key: expect.stringMatching(/^pk_[\w-]{32}$/) as string,
        persona_id: persona,
        is_enabled: true,
        is_answered: true,
        allowed_origins: [SHOP, 'https://*.example.org:8443'],
        requires_identity: false,
        has_identity_secret: false,
      });
      const changed = await open({ is_enabled: false, sessions_per_minute: 5 });
      expect(changed).toMatchObject({ public_key: made.public_key, is_enabled: false, allowed_origins: [] });
      expect((await owner.request('GET', path)).body).toEqual(changed);
      expect((await owner.request('DELETE', path)).status).toBe(204);
      expect((await owner.request('DELETE', path)).status).toBe(404);
      expect(await begin(made.public_key)).toMatchObject({ status: 401, body: { code: 'SUPPORT.KEY_UNKNOWN' } });
    });

    it('members that are no owners may not, and strangers see no workspace', async () => {
      await open();
      const stranger = await Client.register(parley.url);
      expect(await stranger.request('GET', path)).toMatchObject({ status: 404, body: { code: 'WORKSPACE.NOT_FOUND' } });
      await sql.query(`INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, 'member')`, [
        workspace,
        stranger.userId,
      ]);
      const answers = [
        await stranger.request('GET', path),
        await save({}, stranger),
        await stranger.request('POST', `${path}/keys`),
        await stranger.request('POST', `${path}/identity-secret`),
        await stranger.request('DELETE', path),
      ];
      for (const answer of answers) {
        expect(answer).toMatchObject({ status: 403, body: { code: 'WORKSPACE.FORBIDDEN' } });
      }
    });

    it('only a persona of the workspace that is shared in it may answer', async () => {
      const hidden = await owner.persona({ visibility: 'private' });
      const foreign = await (await Client.register(parley.url)).persona({ visibility: 'workspace' });
      for (const persona_id of [hidden, foreign, 987_654_321]) {
        expect(await save({ persona_id })).toMatchObject({ status: 422, body: { errors: [{ field: 'persona_id' }] } });
      }
    });

    it.each([
      ['https://*.com'],
      ['*'],
      ['https://*'],
      ['shop.example.com'],
      ['https://a.example/path'],
      ['ftp://a.example'],
      ['https://u:p@a.example'],
      ['null'],
    ])('takes no %s as an origin', async (origin) => {
      expect(await save({ allowed_origins: [SHOP, origin] })).toMatchObject({
        status: 422,
        body: { errors: [{ field: 'allowed_origins' }] },
      });
    });

    it('a persona that was deleted, or made private, closes it', async () => {
      const { public_key: key } = await open();
      const visitor = await Visitor.begin(url, {}, { 'x-parley-key': key });
      await sql.query(`UPDATE personas SET visibility = 'private' WHERE id = $1`, [persona]);
      await eventually(
        async () => ((await begin(key)).status === 403 ? true : undefined),
        'no new sessions',
        WITHIN_SECONDS * 1000,
      );
      expect(await visitor.send('Hi')).toMatchObject({ status: 403, body: { code: 'SUPPORT.CLOSED' } });
      expect((await owner.request<Door>('GET', path)).body.is_answered).toBe(false);
    });
  });

  describe('its key', () => {
    it('lets visitors in, as a header or in the body; without one, or with a wrong one, nobody comes in', async () => {
      const { public_key: publicKey } = await open();
      expect((await begin(publicKey)).status).toBe(201);
      const nobody = new Visitor(url);
      expect((await nobody.begin({ publicKey })).status).toBe(201);
      expect(await nobody.begin()).toMatchObject({ status: 401, body: { code: 'SUPPORT.KEY_REQUIRED' } });
      for (const wrong of [`pk_${'x'.repeat(32)}`, 'nonsense', `${publicKey} `.repeat(2).trim()]) {
        expect(await begin(wrong)).toMatchObject({ status: 401, body: { code: 'SUPPORT.KEY_UNKNOWN' } });
      }
    });

    it('a new one ends the old one in all processes; sessions go on', async () => {
      const { public_key: former } = await open();
      const visitor = await Visitor.begin(url, {}, { 'x-parley-key': former });
      const elsewhere = new Visitor(() => secondApi.url, { 'x-parley-key': former });
      expect((await elsewhere.begin()).status).toBe(201);
      const { status, body } = await owner.request<Door>('POST', `${path}/keys`);
      expect(status).toBe(201);
      expect((await begin(body.public_key)).status).toBe(201);
      expect((await begin(former)).status).toBe(401);
      await eventually(
        async () => ((await elsewhere.begin()).status === 401 ? true : undefined),
        'the old key is refused elsewhere',
        WITHIN_SECONDS * 1000,
      );
      expect((await visitor.send('Hi')).status).toBe(200);
    });

    it('opens its own workspace only: what is said belongs to it', async () => {
      const { public_key: key } = await open();
      const visitor = await Visitor.begin(url, {}, { 'x-parley-key': key });
      await visitor.send('Hi');
      const { rows } = await sql.query(
        `SELECT c.workspace_id::int AS workspace, c.persona_id::int AS persona, c.channel FROM sessions s JOIN conversations c ON c.id = s.conversation_id
         ORDER BY s.id DESC LIMIT 1`,
      );
      expect(rows).toEqual([{ workspace, persona, channel: 'support' }]);
    });
  });

  it('switched off, nothing can be said within seconds, in all processes; reading and erasing still work', async () => {
    const { public_key: key } = await open();
    const visitor = await Visitor.begin(url, {}, { 'x-parley-key': key });
    await visitor.send('Hi');
    const elsewhere = Object.assign(new Visitor(() => secondApi.url), { sessionId: visitor.sessionId });
    expect((await elsewhere.send('Hi')).status).toBe(200);
    await open({ is_enabled: false });
    const closed = { status: 403, body: { code: 'SUPPORT.CLOSED', detail: expect.stringMatching(/\S/) as string } };
    expect(await begin(key)).toMatchObject(closed);
    expect(await visitor.send('Hi')).toMatchObject(closed);
    await eventually(
      async () => ((await elsewhere.send('Hi')).status === 403 ? true : undefined),
      'switched off elsewhere',
      WITHIN_SECONDS * 1000,
    );
    expect((await visitor.history()).status).toBe(200);
    expect((await visitor.request('DELETE', `/session/${visitor.sessionId}`)).status).toBe(204);
    await open({ is_enabled: true });
    expect((await begin(key)).status).toBe(201);
  });

  describe('signed-in visitors', () => {
    it('with the right HMAC or token are the same user each time; anonymous ones never are', async () => {
      const { public_key: key } = await open();
      const secret = await secretOf();
      const userHash = userHashOf('user123', secret);
      const userToken = tokenOf({ sub: 'user123', exp: inSeconds(60), name: 'Ann', email: 'ann@example.com' }, secret);
      const usersOf = async (answer: Answer<SupportSession & Problem>): Promise<string> => {
        expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 201 });
        const { rows } = await sql.query<{ user_id: string }>('SELECT user_id FROM sessions ORDER BY id DESC LIMIT 1');
        return rows[0]!.user_id;
      };
      const byHash = await begin(key, { userId: 'user123', userHash });
      expect(byHash.body).toMatchObject({ userId: 'user123', isIdentified: true });
      const first = await usersOf(byHash);
      expect(await usersOf(await begin(key, { userId: 'user123', userHash: userHash.toUpperCase() }))).toBe(first);
      const byToken = await begin(key, { userToken });
      expect(byToken.body).toMatchObject({ userId: 'user123', isIdentified: true });
      expect(await usersOf(byToken)).toBe(first);
      const label = await begin(key, { userId: 'user123' });
      expect(label.body).toMatchObject({ userId: 'user123', isIdentified: false });
      expect(await usersOf(label)).not.toBe(first);
      const { rows } = await sql.query('SELECT visitor_external_id, visitor_fingerprint FROM users WHERE id = $1', [
        first,
      ]);
      expect(JSON.stringify(rows)).not.toContain('user123');
    });

    it('with a wrong proof are refused, and told why', async () => {
      const { public_key: key } = await open();
      expect(await begin(key, { userId: 'a', userHash: 'ab'.repeat(32) })).toMatchObject({
        status: 401,
        body: { code: 'SUPPORT.IDENTITY_INVALID', detail: expect.stringContaining('no identity secret') as string },
      });
      const secret = await secretOf();
      const good = { sub: 'a', exp: inSeconds(60) };
      const wrong: Record<string, unknown>[] = [
        { userId: 'a', userHash: userHashOf('b', secret) },
        { userId: 'a', userHash: userHashOf('a', 'another secret') },
        { userHash: userHashOf('a', secret) },
        { userToken: tokenOf(good, 'another secret') },
        { userToken: tokenOf({ sub: 'a' }, secret) },
        { userToken: tokenOf({ sub: 'a', exp: inSeconds(-120) }, secret) },
        { userToken: tokenOf({ sub: 'a', exp: inSeconds(25 * 3600) }, secret) },
        { userToken: tokenOf({ exp: inSeconds(60) }, secret) },
        { userToken: tokenOf(good, secret, { alg: 'none' }) },
        { userToken: tokenOf(good, secret, { alg: 'none' }).replace(/[^.]*$/, '') },
        { userToken: 'nonsense' },
        { userId: 'b', userToken: tokenOf(good, secret) },
      ];
      for (const body of wrong) {
        expect(await begin(key, body)).toMatchObject({ status: 401, body: { code: 'SUPPORT.IDENTITY_INVALID' } });
      }
    });

    it('are the only ones where the door says so', async () => {
      const { public_key: key } = await open();
      expect(await save({ requires_identity: true })).toMatchObject({
        status: 422,
        body: { errors: [{ field: 'requires_identity' }] },
      });
      const secret = await secretOf();
      await open({ requires_identity: true });
      expect(await begin(key, { userId: 'a' })).toMatchObject({
        status: 401,
        body: { code: 'SUPPORT.IDENTITY_REQUIRED' },
      });
      expect((await begin(key, { userToken: tokenOf({ sub: 'a', exp: inSeconds(60) }, secret) })).status).toBe(201);
    });

    it('are proven by a new secret only from then on, and it is kept encrypted', async () => {
      const { public_key: key } = await open();
      const former = await secretOf();
      const now = await secretOf();
      expect(now).toMatch(/^is_[\w-]{43}$/);
      const proof = (secret: string): Record<string, string> => ({
        userToken: tokenOf({ sub: 'a', exp: inSeconds(60) }, secret),
      });
      expect((await begin(key, proof(former))).status).toBe(401);
      expect((await begin(key, proof(now))).status).toBe(201);
      const { rows } = await sql.query<{ identity_secret: string }>(
        'SELECT identity_secret FROM support_doors WHERE workspace_id = $1',
        [workspace],
      );
      expect(rows[0]!.identity_secret).toMatch(/^enc:test:/);
      expect((await owner.request<Door>('GET', path)).body).toMatchObject({ has_identity_secret: true });
      expect(JSON.stringify((await owner.request('GET', path)).body)).not.toContain(now);
    });
  });

  describe('pages of other websites', () => {
    const preflight = (
      origin: string,
      route: string,
      method = 'POST',
      headers = 'content-type,x-parley-key,idempotency-key',
    ): Promise<Response> =>
      fetch(`${parley.url}${route}`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': headers },
      });

    it.each([
      ['/api/v1/chat/session', 'POST'],
      ['/api/v1/chat/message', 'POST'],
      [`/api/v1/chat/history/ss_${'x'.repeat(32)}`, 'GET'],
      [`/api/v1/chat/session/ss_${'x'.repeat(32)}`, 'DELETE'],
    ])('may ask their browser whether they may use %s', async (route, method) => {
      const { status, headers } = await preflight(SHOP, route, method);
      expect(status).toBe(204);
      expect(headers.get('access-control-allow-origin')).toBe(SHOP);
      expect(headers.get('access-control-allow-methods')).toContain(method);
      expect(headers.get('access-control-allow-headers')).toContain('x-parley-key');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('vary')).toMatch(/origin/i);
    });

    it('may not say what only proxies say: which host was asked for, and by whom', async () => {
      const asked = 'content-type,Forwarded,X-Forwarded-Host, x-forwarded-for ,x-parley-key';
      const { headers } = await preflight(SHOP, '/api/v1/chat/session', 'POST', asked);
      expect(headers.get('access-control-allow-headers')).toBe('content-type, x-parley-key');
    });

    it('of CORS_ORIGINS may use the rest of the API, and others may not', async () => {
      const allowed = await preflight('https://console.example.com', '/auth/login');
      expect(allowed.headers.get('access-control-allow-origin')).toBe('https://console.example.com');
      const { headers } = await preflight(SHOP, '/auth/login');
      expect(headers.get('access-control-allow-origin')).not.toBe(SHOP);
    });

    it('may talk when the door names them, and read what they are answered', async () => {
      const { public_key: key } = await open({ allowed_origins: [SHOP, 'https://*.example.org'] });
      for (const origin of [SHOP, 'https://a.example.org', 'https://a.b.example.org']) {
        const visitor = new Visitor(url, { 'x-parley-key': key, origin });
        const { status, headers } = await visitor.begin();
        expect({ origin, status }).toEqual({ origin, status: 201 });
        expect(headers.get('access-control-allow-origin')).toBe(origin);
        expect(headers.get('access-control-expose-headers')).toContain('retry-after');
        expect((await visitor.send('Hi')).status).toBe(200);
        // A refusal can be read, too.
        const refused = await visitor.request('POST', '/message', { sessionId: visitor.sessionId });
        expect(refused.status).toBe(422);
        expect(refused.headers.get('access-control-allow-origin')).toBe(origin);
      }
    });

    it('may not when it does not, whatever they do with a session', async () => {
      const { public_key: key } = await open({ allowed_origins: [SHOP, 'https://*.example.org'] });
      const visitor = await Visitor.begin(url, {}, { 'x-parley-key': key });
      const { sessionId } = visitor;
      const origins = [
        'https://evil.example',
        'http://shop.example.com',
        'https://shop.example.com:8443',
        'https://shop.example.com.evil.example',
        'https://example.org',
        'https://evilexample.org',
        'null',
      ];
      for (const origin of origins) {
        const page = Object.assign(new Visitor(url, { 'x-parley-key': key, origin }), { sessionId });
        const answers = [
          await page.request('POST', '/session', {}),
          await page.send('Hi'),
          await page.history(),
          await page.request('POST', `/session/${sessionId}/end`),
          await page.request('DELETE', `/session/${sessionId}`),
        ];
        for (const { status, body, headers } of answers) {
          expect({ origin, status, body }).toMatchObject({ status: 403, body: { code: 'SUPPORT.ORIGIN_REFUSED' } });
          expect(headers.get('access-control-allow-origin')).toBeNull();
        }
      }
      expect((await visitor.history()).body.messages).toEqual([]);
    });

    it('of this installation always may, and so may what is no page', async () => {
      const { public_key: key } = await open();
      expect((await begin(key, {}, { origin: parley.url })).status).toBe(201);
      expect((await begin(key)).status).toBe(201);
      expect((await begin(key, {}, { origin: SHOP })).status).toBe(403);
    });
  });
});
