import { Client as Postgres } from 'pg';
import { Client, type Problem } from '../support/client';
import { type Parley, startParley } from '../support/parley';
import { sampleOf } from '../support/prometheus';

const REPORTS = ['usage', 'cost', 'latency', 'errors', 'conversations'];

interface Report {
  scope: string;
  totals: Record<string, number | null>;
  groups: (Record<string, number | null> & { group: string })[];
  series: (Record<string, number | null> & { start: string; end: string; label: string; group: string | null })[];
  groups_left_out: number;
}

describe('reports', () => {
  let parley: Parley;
  let sql: Postgres;
  let admin: Client;
  let owner: Client;
  let member: Client;
  let stranger: Client;
  let workspace: number;
  let count = 0;

  beforeAll(async () => {
    parley = await startParley();
    sql = new Postgres({ connectionString: parley.database.url });
    await sql.connect();
    [admin, owner, member, stranger] = [
      await Client.register(parley.url),
      await Client.register(parley.url),
      await Client.register(parley.url),
      await Client.register(parley.url),
    ];
    const { rows } = await sql.query<{ id: string }>(
      `INSERT INTO workspaces (kind, name) VALUES ('team', 'Sales') RETURNING id`,
    );
    workspace = Number(rows[0]!.id);
    await sql.query(
      `INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, 'owner'), ($1, $3, 'member')`,
      [workspace, owner.userId, member.userId],
    );
  }, 120_000);
  afterAll(async () => {
    await sql.end();
    await parley.stop();
  });

  /** A priced call of the workspace. */
  const aCall = (
    userId: number,
    startedAt: string,
    fields: { model?: string; tokens?: number; status?: string; total_ms?: number } = {},
  ): Promise<unknown> =>
    sql.query(
      `INSERT INTO model_calls (workspace_id, user_id, persona_id, persona_version_id, conversation_id, turn_id, attempt, status, provider, api,
         model_requested, input_tokens, output_tokens, total_tokens, cost_usd_micros, total_ms, started_at, ended_at)
       VALUES ($1, $2, 7, 1, $3, $4, 1, $5, 'openai', 'responses', $6, $7, 0, $7, 1000, $8, $9, $9)`,
      [
        workspace,
        userId,
        900_000 + userId,
        900_000 + (count += 1),
        fields.status ?? 'succeeded',
        fields.model ?? 'gpt-6-luna',
        fields.tokens ?? 10,
        fields.total_ms ?? 100,
        startedAt,
      ],
    );

  const report = async (client: Client, path: string): Promise<Report> => {
    const { status, body } = await client.request<Report>('GET', `/analytics/${path}`);
    expect({ path, status, body: status === 200 ? undefined : body }).toEqual({ path, status: 200, body: undefined });
    return body;
  };
  const refusal = async (client: Client, path: string): Promise<[number, string, string | undefined]> => {
    const { status, body } = await client.request<Problem>('GET', `/analytics/${path}`);
    return [status, body.code, body.errors?.[0]?.field];
  };

  describe('who may see what', () => {
    beforeAll(async () => {
      await aCall(member.userId, '2026-03-01T10:00:00Z');
      await aCall(owner.userId, '2026-03-01T11:00:00Z');
    });
    const range = 'from=2026-03-01&to=2026-03-02';

    it.each(REPORTS)('%s: by default it is about oneself', async (name) => {
      expect((await report(member, `${name}?${range}`)).scope).toBe('me');
      expect((await report(stranger, `usage?${range}`)).totals.calls).toBe(0);
      expect((await report(member, `usage?${range}`)).totals.calls).toBe(1);
    });

    it.each(REPORTS)('%s of a workspace: its owners only', async (name) => {
      expect((await report(owner, `${name}?${range}&workspace_id=${workspace}`)).scope).toBe('workspace');
      expect(await refusal(member, `${name}?workspace_id=${workspace}`)).toEqual([
        403,
        'ANALYTICS.FORBIDDEN',
        undefined,
      ]);
      expect(await refusal(stranger, `${name}?workspace_id=${workspace}`)).toEqual([
        404,
        'WORKSPACE.NOT_FOUND',
        undefined,
      ]);
      expect(await refusal(admin, `${name}?workspace_id=${workspace}`)).toEqual([
        404,
        'WORKSPACE.NOT_FOUND',
        undefined,
      ]);
    });

    it.each(REPORTS)('%s of everybody: instance admins only', async (name) => {
      expect((await report(admin, `${name}?${range}&scope=instance`)).scope).toBe('instance');
      expect(await refusal(owner, `${name}?scope=instance`)).toEqual([403, 'ANALYTICS.FORBIDDEN', undefined]);
    });

    it('nobody asks for another user in the scope me; owners may in their workspace', async () => {
      expect(await refusal(owner, `usage?user_id=${member.userId}`)).toEqual([403, 'ANALYTICS.FORBIDDEN', undefined]);
      const all = await report(owner, `usage?${range}&workspace_id=${workspace}&group_by=user`);
      expect(all.groups.map(({ group }) => Number(group)).sort()).toEqual([owner.userId, member.userId].sort());
      const one = await report(owner, `usage?${range}&workspace_id=${workspace}&user_id=${member.userId}`);
      expect(one.totals.calls).toBe(1);
    });
  });

  it.each([
    ['from=yesterday', 'from'],
    ['from=2026-02-30', 'from'],
    ['from=2026-03-02&to=2026-03-01', 'from'],
    ['from=2010-01-01&to=2026-01-01', 'from'],
    ['from=1999-01-01&to=2001-01-01', 'from'],
    ['to=2026-13-01', 'to'],
    ['interval=week', 'interval'],
    ['interval=hour&from=2026-01-01&to=2026-06-01', 'interval'],
    ['time_zone=Europe/Atlantis', 'time_zone'],
    ['time_zone=%2B02:00', 'time_zone'],
    ['group_by=colour', 'group_by'],
    ['groups=51', 'groups'],
    ['groups=50&group_by=model&interval=day&from=2024-06-01&to=2026-06-01', 'groups'],
    ['scope=world', 'scope'],
    ['scope=workspace', 'workspace_id'],
    ['scope=me&workspace_id=1', 'workspace_id'],
    ['persona_id=x', 'persona_id'],
    ['user_id=0', 'user_id'],
    [`model=${'x'.repeat(201)}`, 'model'],
    [`channel=${'x'.repeat(21)}`, 'channel'],
    ['format=xml', 'format'],
    ['colour=red', 'colour'],
  ])('%s is refused with the name of the field', async (query, field) => {
    expect(await refusal(stranger, `usage?${query}`)).toEqual([422, 'REQUEST.INVALID', field]);
  });

  it('conversations are not told apart by what calls differ in', async () => {
    expect(await refusal(stranger, 'conversations?model=gpt-6-luna')).toEqual([422, 'REQUEST.INVALID', 'model']);
    expect(await refusal(stranger, 'conversations?group_by=model')).toEqual([422, 'REQUEST.INVALID', 'group_by']);
  });

  it('a day of a place has its own hours: 23 when clocks go forward, 25 when they go back, and half hours in India', async () => {
    const user = await Client.register(parley.url);
    await aCall(user.userId, '2026-03-28T22:59:59.999Z', { tokens: 1 });
    await aCall(user.userId, '2026-03-28T23:00:00Z', { tokens: 2 });
    await aCall(user.userId, '2026-03-29T21:59:59.999Z', { tokens: 4 });
    await aCall(user.userId, '2026-03-29T22:00:00Z', { tokens: 8 });
    const spring = await report(user, 'usage?from=2026-03-29&to=2026-03-30&time_zone=Europe/Berlin');
    expect(spring.series).toMatchObject([
      { start: '2026-03-28T23:00:00.000Z', end: '2026-03-29T22:00:00.000Z', label: '2026-03-29', total_tokens: 6 },
    ]);
    const autumn = await report(user, 'usage?from=2026-10-25&to=2026-10-26&time_zone=Europe/Berlin&interval=hour');
    expect(autumn.series).toHaveLength(25);
    const india = await report(user, 'usage?from=2026-03-29&to=2026-03-30&time_zone=Asia/Kolkata');
    expect(india.series).toMatchObject([{ start: '2026-03-28T18:30:00.000Z', total_tokens: 3 }]);
  });

  it('groups beyond those asked for are told as other, and everything adds up', async () => {
    const user = await Client.register(parley.url);
    for (const [place, model] of ['a', 'b', 'b', 'c', 'c', 'c', 'd'].entries()) {
      await aCall(user.userId, `2026-05-0${1 + (place % 3)}T08:00:00Z`, { model, tokens: 1 + place });
    }
    const found = await report(user, 'usage?from=2026-05-01&to=2026-05-04&group_by=model&groups=2');
    expect(found.groups.map(({ group, calls }) => [group, calls])).toEqual([
      ['c', 3],
      ['b', 2],
      ['other', 2],
    ]);
    expect(found.groups_left_out).toBe(2);
    const sum = (rows: Record<string, unknown>[]): number =>
      rows.reduce((total, row) => total + Number(row.total_tokens), 0);
    expect(sum(found.groups)).toBe(28);
    expect(sum(found.series)).toBe(28);
    expect(found.totals.total_tokens).toBe(28);
  });

  it('percentiles of a short range are exact, of a long one to within 5 %', async () => {
    const user = await Client.register(parley.url);
    for (let ms = 100; ms <= 10_000; ms += 100) await aCall(user.userId, '2026-06-10T08:00:00Z', { total_ms: ms });
    const day = await report(user, 'latency?from=2026-06-10&to=2026-06-11');
    expect(day).toMatchObject({ percentiles: 'exact', relative_error: null });
    expect(day.totals).toMatchObject({ calls: 100, total_p50_ms: 5050, total_p95_ms: 9505, total_average_ms: 5050 });
    expect(day.totals.queue_p50_ms).toBeNull();
    const month = await report(user, 'latency?from=2026-06-01&to=2026-07-01&interval=month');
    expect(month).toMatchObject({ percentiles: 'approximate', relative_error: 0.05 });
    expect(Math.abs(month.totals.total_p95_ms! - 9500)).toBeLessThan(9500 * 0.05);
  });

  it('errors are told with their rates and kinds', async () => {
    const user = await Client.register(parley.url);
    await aCall(user.userId, '2026-07-01T08:00:00Z');
    await aCall(user.userId, '2026-07-01T08:00:00Z', { status: 'failed' });
    await sql.query(
      `UPDATE model_calls SET error_code = 'UPSTREAM.RATE_LIMITED', http_status = 429 WHERE user_id = $1 AND status = 'failed'`,
      [user.userId],
    );
    const found = await report(user, 'errors?from=2026-07-01&to=2026-07-02');
    expect(found.totals).toMatchObject({ calls: 2, failed_calls: 1, error_rate: 0.5, retry_rate: 0 });
    expect(found).toMatchObject({
      kinds: [{ status: 'failed', error_code: 'UPSTREAM.RATE_LIMITED', http_status: 429, calls: 1 }],
    });
  });

  it('cost leaves the simulator out, and tells the spend of today and of this month', async () => {
    const user = await Client.register(parley.url);
    await aCall(user.userId, new Date().toISOString());
    const conversation = await user.conversation();
    await user.send(conversation, 'hello');
    const found = await report(user, 'cost');
    expect(found.totals).toMatchObject({
      cost_usd: 0.001,
      priced_calls: 1,
      simulated_calls: 1,
      unpriced_calls: 0,
      cost_per_message_usd: 0.001,
    });
    expect(found).toMatchObject({ spend: { today: { cost_usd: 0.001 }, this_month: { cost_usd: 0.001 } } });
  });

  it('conversations are counted also when they are deleted by now', async () => {
    const user = await Client.register(parley.url);
    const [kept, deleted] = [await user.conversation(), await user.conversation()];
    for (const conversation of [kept, deleted, deleted]) await user.send(conversation, 'hello');
    await user.request('DELETE', `/chat/conversations/${deleted}`);
    const found = await report(user, 'conversations?interval=none');
    expect(found.totals).toMatchObject({
      created: 2,
      deleted: 1,
      active: 2,
      turns: 3,
      replies: 3,
      average_turns: 1.5,
      average_length: 3,
    });
    expect(found.totals.tokens_per_conversation).toBeGreaterThan(0);
  });

  it('CSV has the columns of the JSON, and nothing that a spreadsheet would run', async () => {
    const user = await Client.register(parley.url);
    await aCall(user.userId, '2026-08-01T08:00:00Z', { model: '=HYPERLINK("http://evil","x")' });
    const path = '/analytics/usage?from=2026-08-01&to=2026-08-02&group_by=model';
    const ask = (headers: Record<string, string>, more = ''): Promise<Response> =>
      fetch(`${parley.url}${path}${more}`, { headers: { authorization: `Bearer ${user.token}`, ...headers } });
    const byHeader = await ask({ accept: 'text/csv' });
    expect(byHeader.headers.get('content-type')).toContain('text/csv');
    expect(byHeader.headers.get('content-disposition')).toBe('attachment; filename="usage.csv"');
    const text = await byHeader.text();
    const json = await report(user, path.replace('/analytics/', ''));
    const lines = text.split('\r\n');
    expect(lines[0]).toBe(['start', 'end', 'label', 'group', ...Object.keys(json.totals)].join(','));
    expect(lines[1]).toContain(`,"'=HYPERLINK(""http://evil"",""x"")",1,`);
    expect(lines).toHaveLength(3);
    expect(await (await ask({}, '&format=csv')).text()).toBe(text);
    expect((await ask({ accept: 'text/csv' }, '&format=json')).headers.get('content-type')).toContain('json');
  });

  it('Prometheus tells requests by route, never by what stands in their paths', async () => {
    await stranger.request('GET', '/chat/conversations/987654321012');
    await stranger.request('GET', '/no/such/987654321012').catch(() => undefined);
    const text = await (await fetch(`${parley.url}/metrics`)).text();
    expect(text).not.toContain('987654321012');
    expect(
      sampleOf(text, 'parley_http_request_seconds_count', {
        route: '/chat/conversations/:conversation_id',
        status: '404',
      }),
    ).toBe(1);
    expect(sampleOf(text, 'parley_turns_open', { status: 'pending' })).toBe(0);
    const ofWorker = await (await fetch(`${parley.worker.url}/metrics`)).text();
    expect(sampleOf(ofWorker, 'parley_model_call_seconds_count', { outcome: 'succeeded' })).toBeGreaterThan(0);
  });
});
