import { Client as Postgres } from 'pg';
import { type Answer, Client, type Problem } from '../support/client';
import { encryptionKeys } from '../support/encryption';
import { type FakeAccount, FakeGraph, graphError, sendHandshake } from '../support/fake-graph';
import { type Parley, startParley } from '../support/parley';
import { eventually, ParleyProcess } from '../support/process';
import { runJob } from '../support/run-job';

interface ChannelView {
  id: number;
  workspace_id: number;
  persona_id: number;
  type: string;
  name: string;
  account_id: string;
  settings: Record<string, unknown>;
  is_enabled: boolean;
  problem_code: string | null;
  checked_at: string | null;
  webhook_path: string;
}

interface Check {
  is_working: boolean;
  findings: { name: string; is_ok: boolean; detail: string }[];
  checked_at: string;
}

const credentialsOf = ({ channel, id, accessToken, appSecret, verifyToken }: FakeAccount): Record<string, string> => ({
  [channel === 'whatsapp' ? 'phone_number_id' : 'account_id']: id,
  access_token: accessToken,
  app_secret: appSecret,
  verify_token: verifyToken,
});

describe('channels and their credentials', () => {
  const graph = new FakeGraph();
  let parley: Parley;
  let sql: Postgres;
  let owner: Client;
  let workspace: number;
  let persona: number;
  let number: FakeAccount;
  let fromEnvironment: FakeAccount;

  beforeAll(async () => {
    const baseUrl = await graph.start();
    fromEnvironment = graph.addInstagram();
    parley = await startParley({
      LOG_LEVEL: 'trace',
      GRAPH_BASE_URL: baseUrl,
      ENCRYPTION_KEYS: encryptionKeys('k1'),
      INSTAGRAM_ACCOUNT_ID: fromEnvironment.id,
      INSTAGRAM_ACCESS_TOKEN: fromEnvironment.accessToken,
      INSTAGRAM_APP_SECRET: fromEnvironment.appSecret,
      INSTAGRAM_VERIFY_TOKEN: fromEnvironment.verifyToken,
    });
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
  });
  afterAll(async () => {
    await sql.end();
    await parley.stop();
    await graph.stop();
  });
  beforeEach(async () => {
    graph.reset();
    owner = await Client.register(() => parley.url);
    workspace = (await owner.request<{ workspace_id: number }>('GET', '/auth/me')).body.workspace_id;
    persona = await owner.persona({ visibility: 'workspace' });
    number = graph.addWhatsApp();
  });

  const create = (fields: Record<string, unknown> = {}, who = owner): Promise<Answer<ChannelView & Problem>> =>
    who.request('POST', '/channels', {
      type: 'whatsapp',
      name: 'Support',
      persona_id: persona,
      credentials: credentialsOf(number),
      ...fields,
    });
  const made = async (fields: Record<string, unknown> = {}): Promise<ChannelView> => {
    const { status, body } = await create(fields);
    expect({ status, body }).toMatchObject({ status: 201 });
    return body;
  };
  const change = (id: number, fields: Record<string, unknown>): Promise<Answer<ChannelView & Problem>> =>
    owner.request('PATCH', `/channels/${id}`, fields);
  const check = async (id: number): Promise<Check> =>
    (await owner.request<Check>('POST', `/channels/${id}/check`)).body;
  const finding = ({ findings }: Check, name: string): boolean | undefined =>
    findings.find((candidate) => candidate.name === name)?.is_ok;

  it('an owner makes one, reads it, changes it and removes it; nobody is shown its credentials', async () => {
    const { status, body: channel } = await create({ settings: { debounce_ms: 0 } });
    expect(status).toBe(201);
    expect(channel).toMatchObject({
      workspace_id: workspace,
      persona_id: persona,
      type: 'whatsapp',
      name: 'Support',
      account_id: number.id,
      is_enabled: true,
      problem_code: null,
      webhook_path: `/webhooks/whatsapp/${channel.id}`,
      settings: { debounce_ms: 0, debounce_max_ms: 10_000, template: null, stop_ai_on_echo: true, allowed_senders: [] },
    });
    const changed = await change(channel.id, {
      name: 'Shop',
      is_enabled: false,
      settings: { template: { name: 'we_are_back', language: 'en_US' } },
      credentials: { access_token: `${number.accessToken}New` },
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { name: 'Shop', is_enabled: false, settings: { debounce_ms: 0, template: { name: 'we_are_back' } } },
    });
    const read = await owner.request<ChannelView>('GET', `/channels/${channel.id}`);
    expect(read.body).toEqual(changed.body);
    const list = await owner.request<{ channels: ChannelView[]; has_more: boolean }>('GET', '/channels');
    expect(list.body).toMatchObject({ channels: [read.body], has_more: false });
    const shown = JSON.stringify([channel, changed.body, read.body, list.body]);
    for (const secret of [number.accessToken, number.appSecret, number.verifyToken]) {
      expect(shown).not.toContain(secret);
    }

    expect((await owner.request('DELETE', `/channels/${channel.id}`)).status).toBe(204);
    expect((await owner.request('GET', `/channels/${channel.id}`)).status).toBe(404);
    expect((await owner.request('DELETE', `/channels/${channel.id}`)).status).toBe(404);
  });

  it('credentials are encrypted in the database, and in no line of the log', async () => {
    await made();
    const { rows } = await sql.query<{ row: string }>('SELECT c::text AS row FROM channels c');
    const stored = rows.map(({ row }) => row).join('\n');
    expect(stored).toContain('enc:k1:');
    await create();
    await change(987_654_321, { credentials: credentialsOf(number) });
    for (const secret of [number.accessToken, number.appSecret, number.verifyToken, fromEnvironment.accessToken]) {
      expect(stored).not.toContain(secret);
      expect(parley.log()).not.toContain(secret);
    }
  });

  it('only owners of the workspace see and change it; to others it is not there', async () => {
    const { id } = await made();
    const stranger = await Client.register(parley.url);
    const member = await Client.register(parley.url);
    await sql.query(`INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, 'member')`, [
      workspace,
      member.userId,
    ]);
    for (const who of [stranger, member]) {
      const answers = [
        await who.request<Problem>('GET', `/channels/${id}`),
        await who.request<Problem>('PATCH', `/channels/${id}`, { name: 'Mine' }),
        await who.request<Problem>('POST', `/channels/${id}/check`),
        await who.request<Problem>('GET', `/channels/${id}/metrics`),
        await who.request<Problem>('GET', `/channels/${id}/identities`),
        await who.request<Problem>('DELETE', `/channels/${id}`),
      ];
      for (const answer of answers) expect(answer).toMatchObject({ status: 404, body: { code: 'CHANNEL.NOT_FOUND' } });
    }
    expect((await create({}, member)).status).toBe(403);
    expect((await create({}, stranger)).body.errors).toMatchObject([{ field: 'persona_id' }]);
    expect((await member.request('GET', `/channels?workspace_id=${workspace}`)).status).toBe(403);
    expect((await stranger.request('GET', `/channels?workspace_id=${workspace}`)).status).toBe(404);
  });

  it('a workspace has an account once; another workspace may claim it, and its secret decides', async () => {
    await made();
    expect(await create()).toMatchObject({ status: 409, body: { code: 'CHANNEL.EXISTS' } });
    const other = await Client.register(parley.url);
    const theirs = await other.persona({ visibility: 'workspace' });
    expect((await create({ persona_id: theirs }, other)).status).toBe(201);
  });

  it('of parallel requests for one account one makes the channel', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => create()));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(7).fill(409)]);
  });

  it.each([
    ['credentials', { phone_number_id: 'abc' }, 'credentials.phone_number_id'],
    ['credentials', { unknown: 'x' }, 'credentials.unknown'],
    ['credentials', { access_token: 7 }, 'credentials'],
    ['credentials', ['x'], 'credentials'],
    ['settings', { debounce_ms: -1 }, 'settings.debounce_ms'],
    ['settings', { debounce_ms: 20_000, debounce_max_ms: 10_000 }, 'settings.debounce_max_ms'],
    ['settings', { debounce_ms: 15_000 }, 'settings.debounce_max_ms'],
    ['settings', { template: { name: 'Not Allowed', language: 'en' } }, 'settings.template.name'],
    ['settings', { no_such: 1 }, 'settings.no_such'],
    ['type', 'telegram', 'type'],
    ['type', '__proto__', 'type'],
  ])('refuses %s %j and names %s', async (field, value, named) => {
    const valid = credentialsOf(number);
    const body = field === 'credentials' && !Array.isArray(value) ? { ...valid, ...(value as object) } : value;
    const answer = await create({ [field]: body });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: named }] } });
    expect(JSON.stringify(answer.body)).not.toContain(number.accessToken);
  });

  it('only a persona of the workspace that is shared in it may answer', async () => {
    const hidden = await owner.persona({ visibility: 'private' });
    const { id } = await made();
    const foreign = await (await Client.register(parley.url)).persona({ visibility: 'workspace' });
    for (const persona_id of [hidden, foreign, 987_654_321]) {
      expect((await create({ persona_id })).body.errors).toMatchObject([{ field: 'persona_id' }]);
      expect((await change(id, { persona_id })).body.errors).toMatchObject([{ field: 'persona_id' }]);
    }
  });

  it('single credentials can be replaced, the account cannot', async () => {
    const { id } = await made();
    const other = graph.addWhatsApp();
    expect(await change(id, { credentials: { phone_number_id: other.id } })).toMatchObject({
      status: 409,
      body: { code: 'CHANNEL.ACCOUNT_FIXED' },
    });
    expect((await check(id)).is_working).toBe(true);
    await change(id, { credentials: { access_token: 'EAAthisTokenIsNoneOfMetas' } });
    expect((await check(id)).is_working).toBe(false);
    await change(id, { credentials: { access_token: number.accessToken } });
    expect((await check(id)).is_working).toBe(true);
  });

  describe('trying one out', () => {
    it('asks the other system, with the stored credentials, and says when it looked', async () => {
      const { id, checked_at } = await made();
      expect(checked_at).toBeNull();
      const found = await check(id);
      expect(found.is_working).toBe(true);
      expect(finding(found, 'webhook')).toBe(false);
      expect(graph.calls.map(({ accountId, token }) => ({ accountId, token }))).toContainEqual({
        accountId: number.id,
        token: number.accessToken,
      });
      const read = await owner.request<ChannelView>('GET', `/channels/${id}`);
      expect(Date.parse(read.body.checked_at ?? '')).toBeGreaterThan(Date.now() - 60_000);
      expect(JSON.stringify(found)).not.toContain(number.accessToken);
    });

    it('says what is wrong: with the token, with the persona, with the switch', async () => {
      const { id } = await made({
        credentials: { ...credentialsOf(number), access_token: 'EAAthisTokenIsNoneOfMetas' },
      });
      const refused = await check(id);
      expect(refused.is_working).toBe(false);
      expect(refused.findings[0]).toMatchObject({
        name: 'credentials',
        is_ok: false,
        detail: expect.stringMatching(/^The access token is expired.*credentials\.access_token/) as string,
      });
      await change(id, { credentials: { access_token: number.accessToken, app_secret: 'f'.repeat(32) } });
      expect((await check(id)).findings[0]?.detail).toMatch(/^The app secret is not that of the app/);
      await change(id, { credentials: { app_secret: number.appSecret } });
      await change(id, { credentials: { access_token: number.accessToken } });
      await change(id, { is_enabled: false });
      expect(finding(await check(id), 'is_enabled')).toBe(false);
      await change(id, { is_enabled: true });
      await owner.request('DELETE', `/personas/${persona}`);
      const unanswered = await check(id);
      expect(unanswered.is_working).toBe(false);
      expect(finding(unanswered, 'persona')).toBe(false);
    });

    it('a channel that works again has no problem any more', async () => {
      const { id } = await made();
      await sql.query(`UPDATE channels SET problem_code = 'CHANNEL.TOKEN_REFUSED', problem_at = now() WHERE id = $1`, [
        id,
      ]);
      expect((await owner.request<ChannelView>('GET', `/channels/${id}`)).body.problem_code).toBe(
        'CHANNEL.TOKEN_REFUSED',
      );
      await check(id);
      expect((await owner.request<ChannelView>('GET', `/channels/${id}`)).body.problem_code).toBeNull();
    });

    it('a server that cannot be reached is a finding, no failure', async () => {
      const { id } = await made();
      graph.always({ type: 'error', error: graphError(2) }, () => true);
      const found = await check(id);
      expect(found.is_working).toBe(false);
      graph.always(null);
    });
  });

  it('one user tries out twenty channels a minute; who waits as told may again, and nobody else is kept waiting', async () => {
    const { id } = await made();
    for (let index = 0; index < 20; index += 1) expect((await check(id)).is_working).toBe(true);
    const asked = graph.calls.length;
    const refused = await owner.request<Problem>('POST', `/channels/${id}/check`);
    expect(refused).toMatchObject({ status: 429, body: { code: 'REQUEST.TOO_MANY' } });
    expect(refused.headers.get('x-ratelimit-policy')).toBe('check');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(graph.calls).toHaveLength(asked);
    // Everything else goes on for them.
    expect((await owner.request('GET', `/channels/${id}`)).status).toBe(200);
    const other = await Client.register(parley.url);
    const theirs = await create({ persona_id: await other.persona({ visibility: 'workspace' }) }, other);
    expect((await other.request<Check>('POST', `/channels/${theirs.body.id}/check`)).body.is_working).toBe(true);
  });

  it('metrics tell of a channel what came and went', async () => {
    const { id } = await made();
    expect(await owner.request('GET', `/channels/${id}/metrics?hours=48`)).toMatchObject({
      status: 200,
      body: { hours: 48, inbox: { pending: 0, dead: 0 }, outbox: { sent: 0 }, times: { sent_ms_p50: null }, people: 0 },
    });
    await sql.query(`UPDATE channels SET problem_code = 'CHANNEL.TOKEN_REFUSED', problem_at = now() WHERE id = $1`, [
      id,
    ]);
    await sql.query(
      `INSERT INTO channel_inbox (channel_id, external_id, sender_key, kind, not_before) VALUES ($1, 'x', 'y', 'message', now() + interval '1 hour')`,
      [id],
    );
    await eventually(async () => {
      const text = await (await fetch(`${parley.url}/metrics`)).text();
      const isTold =
        text.includes(`parley_channel_problem{channel="${id}",type="whatsapp",code="CHANNEL.TOKEN_REFUSED"} 1`) &&
        text.includes(`parley_channel_waiting{channel="${id}",type="whatsapp",direction="in"} 1`);
      return isTold || undefined;
    }, 'the scrape to tell of the channel');
  });

  describe('one of the environment', () => {
    const ofEnvironment = async (): Promise<{ id: number; name: string; is_enabled: boolean }[]> =>
      (
        await sql.query<{ id: number; name: string; is_enabled: boolean }>(
          'SELECT c.id, c.name, c.is_enabled FROM channels c JOIN workspaces w ON w.id = c.workspace_id AND w.is_default WHERE c.account_id = $1',
          [fromEnvironment.id],
        )
      ).rows;

    it('is set up at the start, once, and what owners have changed stays at the next start', async () => {
      await eventually(async () => (await ofEnvironment())[0], 'the channel to be set up');
      await sql.query(`UPDATE channels SET name = 'Renamed', is_enabled = false WHERE account_id = $1`, [
        fromEnvironment.id,
      ]);
      const sealed = async (): Promise<string> =>
        (
          await sql.query<{ credentials: string }>('SELECT credentials FROM channels WHERE account_id = $1', [
            fromEnvironment.id,
          ])
        ).rows[0]!.credentials;
      const before = await sealed();
      const again = await ParleyProcess.start('worker', parley.settings);
      await again.kill();
      expect(await ofEnvironment()).toMatchObject([{ name: 'Renamed', is_enabled: false }]);
      expect(await sealed()).toBe(before);
      const token = 'IGAAanotherTokenThatIsLongEnough';
      const rotated = await ParleyProcess.start('worker', { ...parley.settings, INSTAGRAM_ACCESS_TOKEN: token });
      await rotated.kill();
      expect(await ofEnvironment()).toHaveLength(1);
      const after = await sealed();
      expect(after).not.toBe(before);
      // And with half of it, or with something that Meta would not give, nothing is changed, and the rest of the process works.
      const wrong = await ParleyProcess.start('worker', { ...parley.settings, INSTAGRAM_APP_SECRET: 'short' });
      await eventually(() => wrong.log.includes('INSTAGRAM_APP_SECRET') || undefined, 'the log to name the variable');
      expect(wrong.log).not.toContain('"short"');
      await wrong.kill();
      expect(await sealed()).toBe(after);
    });

    it('another account at the next start is another channel; the former one stays as it is', async () => {
      const other = graph.addInstagram();
      const settings = {
        ...parley.settings,
        INSTAGRAM_ACCOUNT_ID: other.id,
        INSTAGRAM_ACCESS_TOKEN: other.accessToken,
        INSTAGRAM_APP_SECRET: other.appSecret,
        INSTAGRAM_VERIFY_TOKEN: other.verifyToken,
      };
      const former = await eventually(async () => (await ofEnvironment())[0], 'the channel to be set up');
      const processes = await Promise.all([
        ParleyProcess.start('worker', settings),
        ParleyProcess.start('worker', settings),
      ]);
      const made = await eventually(async () => {
        const { rows } = await sql.query('SELECT 1 FROM channels WHERE account_id = $1', [other.id]);
        return rows.length > 0 ? rows : undefined;
      }, 'the channel of the other account');
      for (const process of processes) await process.kill();
      expect(made).toHaveLength(1);
      expect((await sendHandshake(`${parley.url}/webhooks/instagram`, other.verifyToken)).status).toBe(200);
      expect(await ofEnvironment()).toEqual([former]);
    });
  });

  it('credentials get a new key in time, and work with it alone', async () => {
    const { id } = await made();
    const rotating = { ...parley.settings, ENCRYPTION_KEYS: encryptionKeys('k2', 'k1') };
    // The one with the former key alone would take the job and find nothing to do.
    await parley.worker.kill();
    const worker = await ParleyProcess.start('worker', rotating);
    await runJob(parley, 'encryption.rotate');
    await eventually(async () => {
      const { rows } = await sql.query('SELECT 1 FROM channels WHERE encryption_key <> $1', ['k2']);
      return rows.length === 0 || undefined;
    }, 'all credentials to have the new key');
    await worker.kill();
    const api = await ParleyProcess.start('api', { ...parley.settings, ENCRYPTION_KEYS: encryptionKeys('k2') });
    const there = owner.at(() => api.url);
    expect((await there.request<Check>('POST', `/channels/${id}/check`)).body.is_working).toBe(true);
    // And whoever lacks the key says so, and can be helped by all credentials anew.
    expect(await owner.request('POST', `/channels/${id}/check`)).toMatchObject({
      status: 503,
      body: { code: 'CHANNEL.CREDENTIALS_UNREADABLE' },
    });
    expect((await change(id, { credentials: { access_token: number.accessToken } })).status).toBe(422);
    expect((await change(id, { credentials: credentialsOf(number) })).status).toBe(200);
    expect((await check(id)).is_working).toBe(true);
    await api.kill();
  });
});
