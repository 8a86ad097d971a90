import { Client as Postgres } from 'pg';
import { Client, type Problem } from '../support/client';
import { inconsistencies } from '../support/consistency';
import { EventReader } from '../support/event-reader';
import { FakeOpenAI } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { aPng } from '../support/pictures';
import { eventually, ParleyProcess } from '../support/process';

interface Preview {
  version: number;
  is_changed: boolean;
  assistant_message: { content: string; status: string; model_used: string };
  usage: { total_tokens: number | null } | null;
  cost_usd: number | null;
}

interface Call {
  status: string;
  total_tokens: number | null;
  is_usage_estimated: boolean;
  persona_version_id: number;
  error_code: string | null;
  service_tier: string | null;
  turn_id: number | null;
  conversation_id: number | null;
  user_id: number;
}

describe('a preview', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let sql: Postgres;
  let user: Client;
  let persona: number;

  beforeAll(async () => {
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      OPENAI_TIMEOUT: '10000',
      // No worker is asked: the api itself calls the model.
      OPENAI_MAX_CONCURRENCY: '20',
    });
    sql = new Postgres({ connectionString: parley.database.url });
    await sql.connect();
  });
  afterAll(async () => {
    await sql.end();
    await parley.stop();
    await upstream.stop();
  });
  beforeEach(async () => {
    upstream.reset();
    user = await Client.register(() => parley.url);
    persona = await user.persona({ system_instructions: 'You are PUBLISHED.', temperature: 0.1 });
  });

  const preview = (body: object, client = user) =>
    client.request<Preview & Problem>('POST', `/personas/${persona}/preview`, body);
  const stream = (body: object) =>
    EventReader.open(`${parley.url}/personas/${persona}/preview`, {
      method: 'POST',
      headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const rowsOf = async (): Promise<unknown> =>
    (
      await sql.query(
        `SELECT (SELECT count(*) FROM conversations) AS conversations, (SELECT count(*) FROM messages) AS messages,
           (SELECT count(*) FROM turns) AS turns, (SELECT count(*) FROM turn_stream_chunks) AS chunks,
           (SELECT count(*) FROM persona_versions) AS versions`,
      )
    ).rows[0];
  const calls = async (): Promise<Call[]> =>
    (
      await sql.query<Call>(`SELECT * FROM model_calls WHERE purpose = 'preview' AND persona_id = $1 ORDER BY id`, [
        persona,
      ])
    ).rows;
  const closed = (count = 1): Promise<Call[]> =>
    eventually(async () => {
      const found = await calls();
      return found.length === count && found.every(({ status }) => status !== 'started') ? found : undefined;
    }, `${count} calls to be closed`);
  const instructions = (): string => String(upstream.requests.at(-1)!.body.instructions);

  it('answers with the published version, stores nothing, and is in the ledger with what it used', async () => {
    const before = await rowsOf();
    const { status, body } = await preview({ content: 'Hi there' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      version: 1,
      is_changed: false,
      assistant_message: { role: 'assistant', content: 'You said: Hi there', status: 'completed' },
    });
    expect(instructions()).toContain('You are PUBLISHED.');
    const [call] = await closed();
    const usage = upstream.requests.at(-1)!.usage!;
    expect(call).toMatchObject({
      status: 'succeeded',
      total_tokens: usage.total,
      turn_id: null,
      conversation_id: null,
      user_id: user.userId,
    });
    expect(body.usage!.total_tokens).toBe(usage.total);
    expect(upstream.requests.at(-1)!.body.store).toBe(false);
    expect(await rowsOf()).toEqual(before);
    expect(await inconsistencies(sql)).toEqual([]);
    // What it used counts for the user like everything else.
    const stats = await user.request<{ total_tokens: number; total_messages: number }>('GET', '/chat/stats');
    expect(stats.body).toMatchObject({ total_tokens: usage.total, total_messages: 0 });
  });

  it('answers with a draft, with changes that are saved nowhere, and with what was said before', async () => {
    await user.request('POST', `/personas/${persona}/versions`, { system_instructions: 'You are a DRAFT.' });
    expect((await preview({ content: 'Hi', version: 2 })).body).toMatchObject({ version: 2, is_changed: false });
    expect(instructions()).toContain('You are a DRAFT.');
    const { body } = await preview({
      content: 'And now?',
      version: 2,
      changes: { system_instructions: 'You are UNSAVED.', max_tokens: 77, model: 'gpt-6-sol' },
      history: [
        { role: 'assistant', content: 'Welcome!' },
        { role: 'user', content: 'My name is Bo.' },
        { role: 'assistant', content: 'Hello Bo.' },
        { role: 'user', content: 'First of two.' },
      ],
    });
    expect(body).toMatchObject({ version: 2, is_changed: true, assistant_message: { model_used: 'gpt-6-sol' } });
    expect(instructions()).toContain('You are UNSAVED.');
    const last = upstream.requests.at(-1)!;
    expect(last.body).toMatchObject({ max_output_tokens: 77, temperature: 0.1 });
    expect(last.context.map(({ role, text }) => `${role}: ${text}`)).toEqual([
      'assistant: Welcome!',
      'user: My name is Bo.',
      'assistant: Hello Bo.',
      'user: First of two.',
      'user: And now?',
    ]);
    expect((await user.request<Preview>('GET', `/personas/${persona}/versions/2`)).body).toMatchObject({
      system_instructions: 'You are a DRAFT.',
    });
    expect((await user.request<{ version: number }>('GET', `/personas/${persona}`)).body.version).toBe(1);
  });

  it('shows a picture to the model', async () => {
    const uploadId = await user.upload(aPng());
    await preview({ content: 'What is this?', images: [{ upload_id: uploadId }] });
    expect(JSON.stringify(upstream.requests.at(-1)!.body.input)).toContain('data:image/png;base64,');
  });

  it('streams with the names of a turn, piece by piece', async () => {
    const reader = await stream({ content: 'Tell [[fake:slow tokens=6 delay=300]]' });
    expect(reader.response.headers.get('content-type')).toContain('text/event-stream');
    await reader.ended;
    const names = reader.events.map(({ event }) => event);
    expect(names[0]).toBe('preview.started');
    expect(names.at(-1)).toBe('message.completed');
    expect(reader.events.map(({ id }) => id)).toEqual(names.map((_, index) => index + 1));
    expect(names.filter((name) => name === 'message.delta').length).toBeGreaterThan(1);
    expect(reader.last!.data.assistant_message!.content).toBe(reader.text);
    expect(reader.arrivedAt.at(-1)! - reader.arrivedAt[1]!).toBeGreaterThan(100);
    expect(await closed()).toMatchObject([{ status: 'succeeded' }]);
  });

  it('stops the model when its reader goes away, and books what was written until then as an estimate', async () => {
    const reader = await stream({
      content: 'Long [[fake:slow tokens=400 delay=50]]',
      changes: { service_tier: 'priority' },
    });
    await reader.until(({ event }) => event === 'message.delta', 2);
    reader.disconnect();
    await upstream.log.waitFor((entries) => entries.at(-1)?.outcome === 'aborted', 20_000);
    const [call] = await closed();
    expect(call).toMatchObject({ status: 'cancelled', is_usage_estimated: true, error_code: 'UPSTREAM.CANCELLED' });
    expect(call!.total_tokens).toBeGreaterThan(0);
    // It was stopped before the upstream could say in which tier it ran: the one asked for decides the price.
    expect(call!.service_tier).toBe('priority');
  });

  it('stops the model also when nobody waits for an answer in one piece, which is no failure for the log', async () => {
    const failures = (): number => parley.log().split('"msg":"request failed"').length;
    const before = failures();
    const abort = new AbortController();
    const answer = fetch(`${parley.url}/personas/${persona}/preview`, {
      method: 'POST',
      headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'Hang [[fake:hang]]' }),
      signal: abort.signal,
    }).catch(() => undefined);
    await upstream.log.waitFor((entries) => entries.some(({ outcome }) => outcome === 'open'), 20_000);
    abort.abort();
    await answer;
    await upstream.log.waitFor((entries) => entries.at(-1)?.outcome === 'aborted', 20_000);
    expect(await closed()).toMatchObject([{ status: 'cancelled', total_tokens: null }]);
    expect((await preview({ content: 'Hi' })).status).toBe(200);
    expect(failures()).toBe(before);
  });

  it('tells a failure as a problem, or at the end of its stream, and tries no second time', async () => {
    const refused = await preview({ content: 'x [[fake:404]]' });
    expect([refused.status, refused.body.code]).toEqual([422, 'UPSTREAM.MODEL_NOT_FOUND']);
    expect(refused.body.errors).toMatchObject([{ field: 'model' }]);
    const ours = await preview({ content: 'w [[fake:403]]' });
    expect([ours.status, ours.body.code]).toEqual([502, 'UPSTREAM.FORBIDDEN']);
    const away = await preview({ content: 'y [[fake:500]]' });
    expect([away.status, away.body.code, away.headers.get('retry-after')]).toEqual([503, 'UPSTREAM.SERVER_ERROR', '5']);
    const reader = await stream({ content: 'z [[fake:cut after=2]]' });
    await reader.ended;
    expect(reader.last).toMatchObject({ event: 'preview.failed', data: { error: { code: 'UPSTREAM.CUT' } } });
    expect(upstream.requests).toHaveLength(4);
    expect(new Set((await closed(4)).map(({ status }) => status))).toEqual(new Set(['failed']));
  });

  it('counts the request that is made again without a field that the upstream refuses', async () => {
    const { status } = await preview({
      content: 'x [[fake:unsupported param=temperature]]',
      changes: { temperature: 1.3 },
    });
    expect(status).toBe(200);
    expect((await closed(2)).map((call) => call.status)).toEqual(['failed', 'succeeded']);
  });

  it('is for who may change the persona', async () => {
    const other = await Client.register(() => parley.url);
    expect((await preview({ content: 'x' }, other)).status).toBe(404);
    await user.request('PATCH', `/personas/${persona}`, { visibility: 'workspace' });
    await sql.query(
      `INSERT INTO workspace_members (workspace_id, user_id, role) SELECT workspace_id, $2, 'member' FROM personas WHERE id = $1`,
      [persona, other.userId],
    );
    expect((await preview({ content: 'x' }, other)).body.code).toBe('PERSONA.FORBIDDEN');
    expect((await preview({ content: 'x', version: 9 })).body.code).toBe('PERSONA.VERSION_NOT_FOUND');
    expect(await calls()).toEqual([]);
  });

  it('refuses wrong fields with a 422 that names each', async () => {
    const { status, body } = await preview({
      content: ' ',
      changes: { temperature: 9 },
      history: [{ role: 'system', content: 'x' }],
      surprise: 1,
    });
    expect(status).toBe(422);
    expect(body.errors!.map(({ field }) => field).sort()).toEqual([
      'changes.temperature',
      'content',
      'history.0.role',
      'surprise',
    ]);
    for (const wrong of [{ changes: [] }, { changes: 'x' }, { history: {} }, { history: ['x'] }, { history: [[]] }]) {
      expect([wrong, (await preview({ content: 'x', ...wrong })).status]).toEqual([wrong, 422]);
    }
  });

  it('runs three times at once for one user, and no fourth time', async () => {
    const readers = await Promise.all([1, 2, 3].map(() => stream({ content: 'x [[fake:slow tokens=400 delay=50]]' })));
    await Promise.all(readers.map((reader) => reader.until(({ event }) => event === 'message.delta')));
    const fourth = await preview({ content: 'x' });
    expect([fourth.status, fourth.body.code]).toEqual([429, 'PREVIEW.TOO_MANY']);
    readers.forEach((reader) => reader.disconnect());
    await closed(3);
    expect((await preview({ content: 'again' })).status).toBe(200);
  });

  it('counts for the budgets: one that is used up refuses it, and what was held is given back', async () => {
    const budget = await user.request('POST', '/budgets', {
      name: 'Small',
      scope: 'workspace',
      unit: 'tokens',
      limit: 5000,
      period: 'day',
    });
    expect(budget.status).toBe(201);
    const changes = { max_tokens: 2000 };
    const reader = await stream({ content: 'x [[fake:slow tokens=400 delay=50]]', changes });
    await reader.until(({ event }) => event === 'message.delta');
    await eventually(async () => {
      const held = await preview({ content: 'y', changes: { max_tokens: 4000 } });
      return held.body.code === 'BUDGET.EXCEEDED' && held.status === 429 ? true : undefined;
    }, 'the budget to count');
    reader.disconnect();
    await closed();
    await eventually(async () => {
      const { rows } = await sql.query('SELECT 1 FROM budget_reservations');
      return rows.length === 0 ? true : undefined;
    }, 'nothing to be held');
    expect((await preview({ content: 'z', changes })).status).toBe(200);
  });

  it('that a process cannot finish before it ends can be asked of another one', async () => {
    const ending = await ParleyProcess.start('api', parley.settings);
    const answer = user
      .at(() => ending.url)
      .request<Problem>('POST', `/personas/${persona}/preview`, { content: 'x [[fake:hang]]' });
    await upstream.log.waitFor((entries) => entries.some(({ outcome }) => outcome === 'open'), 20_000);
    const ended = ending.kill('SIGTERM');
    const { status, body, headers } = await answer;
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'UPSTREAM.CANCELLED', '5']);
    expect(body.detail).toContain('Try again');
    await ended;
    expect(await closed()).toMatchObject([{ status: 'cancelled' }]);
  });

  it('is not made while the model is held back: nothing is sent, nothing is in the ledger', async () => {
    const changes = { model: 'gpt-6-astra' };
    expect((await preview({ content: 'x [[fake:429 retry-after=40]]', changes })).status).toBe(503);
    const held = await preview({ content: 'y', changes });
    expect([held.status, held.body.code]).toEqual([503, 'UPSTREAM.MODEL_HELD']);
    expect(Number(held.headers.get('retry-after'))).toBeGreaterThan(5);
    expect(upstream.requests).toHaveLength(1);
    expect(await calls()).toHaveLength(1);
  });
});
