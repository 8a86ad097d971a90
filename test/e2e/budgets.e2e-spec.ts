import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Client as Postgres } from 'pg';
import { type Answer, Client, type Problem, type SendAnswer, type TurnAnswer } from '../support/client';
import { FakeOpenAI, scenarios } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually, ParleyProcess, untilLogged } from '../support/process';

interface Budget {
  id: number;
  limit: number;
  webhook_secret?: string;
  current: { spent: number; reserved: number; remaining: number; resets_at: string } | null;
}
type BudgetProblem = Problem & { resets_at?: string };

/** What the fake upstream says it used depends on the texts; what is held depends on this above all. */
const MAX_TOKENS = 4000;
/** Ten answers fit, an eleventh does not: each holds its longest answer and 60 to 300 tokens of prompt. */
const ROOM_FOR_TEN = 10 * (MAX_TOKENS + 300);

describe('budgets', () => {
  const upstream = new FakeOpenAI();
  let parley: Parley;
  let second: ParleyProcess;
  let sql: Postgres;
  const hooks: { headers: IncomingHttpHeaders; body: string }[] = [];
  let hookServer: Server;
  let hookUrl: string;

  beforeAll(async () => {
    hookServer = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        hooks.push({ headers: request.headers, body });
        response.writeHead(request.url === '/broken' ? 500 : 204).end();
      });
    });
    await new Promise<void>((resolve) => hookServer.listen(0, '127.0.0.1', resolve));
    hookUrl = `http://127.0.0.1:${(hookServer.address() as AddressInfo).port}`;
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-test',
      CONTEXT_SUMMARY: 'false',
      ALLOW_PRIVATE_WEBHOOKS: 'true',
      TURN_LEASE_MS: '2000',
      TURN_HEARTBEAT_MS: '500',
    });
    second = await ParleyProcess.start('api', parley.settings);
    sql = new Postgres({ connectionString: parley.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
  });

  afterAll(async () => {
    await sql.end();
    await second.kill();
    await parley.stop();
    await upstream.stop();
    await new Promise((resolve) => hookServer.close(resolve));
  });

  beforeEach(() => upstream.reset());

  const persona = (user: Client): Promise<number> =>
    user.persona({ system_instructions: 'Be brief.', prompt_template: '', max_tokens: MAX_TOKENS });

  const setBudget = async (user: Client, fields: Record<string, unknown> = {}): Promise<Budget> => {
    const { status, body } = await user.request<Budget>('POST', '/budgets', {
      name: 'Test',
      scope: 'workspace',
      unit: 'tokens',
      limit: ROOM_FOR_TEN,
      period: 'month',
      ...fields,
    });
    expect({ status, body }).toMatchObject({ status: 201 });
    return body;
  };
  const read = async (user: Client, id: number): Promise<Budget> =>
    (await user.request<Budget>('GET', `/budgets/${id}`)).body;

  const ledgerTokens = async (user: Client): Promise<number> => {
    const { rows } = await sql.query<{ sum: string }>(
      'SELECT coalesce(sum(total_tokens), 0) AS sum FROM model_calls WHERE user_id = $1',
      [user.userId],
    );
    return Number(rows[0]!.sum);
  };

  /** A hundred people of one workspace cannot be registered quickly; a hundred conversations of one can. */
  async function hundredAtOnce(user: Client, other: Client): Promise<Answer<SendAnswer & BudgetProblem>[]> {
    const personaId = await persona(user);
    const conversations: number[] = [];
    for (let i = 0; i < 100; i += 1) conversations.push(await user.conversation(personaId));
    return Promise.all(
      conversations.map(
        (id, i) => (i % 2 ? user : other).send(id, 'Hello') as Promise<Answer<SendAnswer & BudgetProblem>>,
      ),
    );
  }

  it('of a hundred parallel messages exactly those that fit are answered; the others get 429 with the reset time', async () => {
    const user = await Client.register(() => parley.url);
    const other = user.at(() => second.url);
    const budget = await setBudget(user);
    // No answer ends, and gives room back, before all have asked.
    upstream.always('slow first=12000 tokens=2 delay=10');
    const answers = await hundredAtOnce(user, other);
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(refused).toHaveLength(90);
    for (const { body, headers } of refused) {
      expect(body).toMatchObject({ code: 'BUDGET.EXCEEDED', resets_at: budget.current!.resets_at });
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    // An attempt that a busy machine has cut off is made again.
    expect(upstream.requests.filter(({ outcome }) => outcome === 'completed')).toHaveLength(10);
    const after = await read(user, budget.id);
    expect(after.current).toMatchObject({ reserved: 0, spent: await ledgerTokens(user) });
    expect(after.current!.spent).toBeGreaterThan(0);
  });

  it('a worker that is killed in the middle leaves nothing reserved, and no overrun', async () => {
    const user = await Client.register(() => parley.url);
    const budget = await setBudget(user);
    upstream.always('slow first=12000 tokens=2 delay=10');
    const sent = hundredAtOnce(
      user,
      user.at(() => second.url),
    );
    await eventually(() => (upstream.requests.length >= 10 ? true : undefined), 'ten calls');
    await parley.worker.kill('SIGKILL');
    await parley.startWorker();
    const answers = await sent;
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(90);
    const { current } = await read(user, budget.id);
    expect(current).toMatchObject({ reserved: 0, spent: await ledgerTokens(user) });
    const { rows } = await sql.query('SELECT 1 FROM budget_reservations');
    expect(rows).toEqual([]);
  });

  it('a refused message leaves nothing behind, and neither does a refused regeneration or edit', async () => {
    const user = await Client.register(() => parley.url);
    const conversation = await user.conversation(await persona(user));
    const { body: first } = await user.send(conversation, 'One');
    const budget = await setBudget(user, { limit: 100 });
    // What was used before the budget was set counts.
    expect(budget.current!.spent).toBe(await ledgerTokens(user));
    const before = await user.messages(conversation);
    const tries = [
      user.send(conversation, 'Two'),
      user.request('POST', `/chat/messages/${first.assistant_message.id}/regenerate`),
      user.request('PUT', `/chat/messages/${first.user_message.id}`, { content: 'Other' }),
    ];
    for (const answer of await Promise.all(tries)) {
      expect(answer).toMatchObject({ status: 429, body: { code: 'BUDGET.EXCEEDED' } });
    }
    expect(await user.messages(conversation)).toEqual(before);
    expect((await read(user, budget.id)).current).toMatchObject({ reserved: 0 });
  });

  it('an idempotent repetition is answered also when nothing is left', async () => {
    const user = await Client.register(() => parley.url);
    const conversation = await user.conversation(await persona(user));
    const key = { 'idempotency-key': 'the-same' };
    const { body: first } = await user.send(conversation, 'One', key);
    await setBudget(user, { limit: 100 });
    const again = await user.send(conversation, 'One', key);
    expect(again).toMatchObject({ status: 200, body: { turn_id: first.turn_id } });
  });

  it('what is held for a turn is given back when it is cancelled, deleted or fails', async () => {
    const user = await Client.register(() => parley.url);
    const budget = await setBudget(user, { limit: 1_000_000 });
    const personaId = await persona(user);
    const reserved = async (): Promise<number> => (await read(user, budget.id)).current!.reserved;
    upstream.always('hang');
    const [a, b] = [await user.conversation(personaId), await user.conversation(personaId)];
    const asynchronous = { prefer: 'respond-async' };
    const turn = (
      await user.request<TurnAnswer>('POST', `/chat/conversations/${a}/send`, { content: 'x' }, asynchronous)
    ).body;
    await user.request('POST', `/chat/conversations/${b}/send`, { content: 'x' }, asynchronous);
    expect(await reserved()).toBeGreaterThan(2 * MAX_TOKENS);
    await user.request('POST', `/chat/turns/${turn.id}/cancel`);
    expect(await reserved()).toBeLessThan(2 * MAX_TOKENS);
    await user.request('DELETE', `/chat/conversations/${b}`);
    await eventually(async () => ((await reserved()) === 0 ? true : undefined), 'nothing held');
    upstream.always('401');
    const failed = await user.send(a, 'y');
    expect(failed.body.assistant_message.status).toBe('fallback');
    expect(await reserved()).toBe(0);
  });

  it('a copy of the conversation at the upstream is held room for with all that it has, also when the worker counts again', async () => {
    const user = await Client.register(() => parley.url);
    const budget = await setBudget(user, { limit: 1_000_000 });
    const personaId = await user.persona({ max_tokens: MAX_TOKENS, conversation_state: 'conversation' });
    const conversation = await user.conversation(personaId);
    upstream.next({ type: 'reply', text: 'Much was found.', usage: { input: 50_000, output: 10 } });
    await user.send(conversation, 'Search');
    upstream.next(scenarios.error(400, { message: 'no' }));
    expect((await user.send(conversation, 'Fail')).body.assistant_message.status).toBe('fallback');
    upstream.next('hang');
    const turn = await user.request<TurnAnswer>(
      'POST',
      `/chat/conversations/${conversation}/send`,
      { content: 'And then?' },
      { prefer: 'respond-async' },
    );
    await eventually(() => (upstream.requests.length >= 3 ? true : undefined), 'the call');
    expect((await read(user, budget.id)).current!.reserved).toBeGreaterThan(50_000 + MAX_TOKENS);
    await user.request('POST', `/chat/turns/${turn.body.id}/cancel`);
  });

  it('each user of a workspace has a budget of their own where it says so', async () => {
    const owner = await Client.register(() => parley.url);
    const guest = await Client.register(() => parley.url);
    const { body: workspaces } = await owner.request<{ workspaces: { id: number }[] }>('GET', '/workspaces');
    const workspaceId = workspaces.workspaces[0]!.id;
    await sql.query(`INSERT INTO workspace_members (workspace_id, user_id, role) VALUES ($1, $2, 'member')`, [
      workspaceId,
      guest.userId,
    ]);
    const personaId = await owner.persona({ visibility: 'workspace', max_tokens: MAX_TOKENS });
    const budget = await setBudget(owner, { scope: 'user', limit: 6000 });
    expect(budget.current).toBeNull();
    upstream.always('reply');
    const [mine, theirs] = [await owner.conversation(personaId), await guest.conversation(personaId)];
    const wide = 'word '.repeat(1500);
    expect((await owner.send(mine, wide)).status).toBe(429);
    expect((await guest.send(theirs, 'Hello')).status).toBe(200);
    const { body } = await owner.request<{ periods: { user_id: number; spent: number }[] }>(
      'GET',
      `/budgets/${budget.id}/periods`,
    );
    expect(body.periods).toContainEqual(
      expect.objectContaining({ user_id: guest.userId, spent: await ledgerTokens(guest) }),
    );
    const { body: seen } = await guest.request<{ budgets: { remaining: number }[] }>('GET', '/budgets/mine');
    expect(seen.budgets).toMatchObject([{ remaining: 6000 - (await ledgerTokens(guest)) }]);
    expect((await guest.request('GET', `/budgets/${budget.id}`)).status).toBe(404);
    expect((await guest.request('PATCH', `/budgets/${budget.id}`, { limit: 1 })).status).toBe(404);
    expect((await guest.request('DELETE', `/budgets/${budget.id}`)).status).toBe(404);
    const forbidden = {
      name: 'x',
      workspace_id: workspaceId,
      scope: 'workspace',
      unit: 'tokens',
      limit: 1,
      period: 'day',
    };
    expect((await guest.request('POST', '/budgets', forbidden)).status).toBe(403);
  });

  it('a budget in dollars refuses a model whose price nobody knows, and one in tokens does not', async () => {
    const user = await Client.register(() => parley.url);
    const conversation = await user.conversation(await persona(user));
    const budget = await setBudget(user, { unit: 'usd', limit: 5 });
    const { status, body } = await user.send(conversation, 'Hello');
    expect({ status, body }).toMatchObject({ status: 409, body: { code: 'BUDGET.PRICE_UNKNOWN' } });
    await user.request('PATCH', `/budgets/${budget.id}`, { is_hard: false });
    expect((await user.send(conversation, 'Hello')).status).toBe(200);
  });

  it('tells the webhook once when a limit is reached, signed, and remembers what did not get through', async () => {
    const user = await Client.register(() => parley.url);
    const conversation = await user.conversation(await persona(user));
    const good = await setBudget(user, { limit: 100_000, alert_at_percent: 1, webhook_url: `${hookUrl}/good` });
    const broken = await setBudget(user, { limit: 100_000, alert_at_percent: 1, webhook_url: `${hookUrl}/broken` });
    await user.send(conversation, 'word '.repeat(1200));
    const told = (id: number): typeof hooks =>
      hooks.filter(({ body }) => (JSON.parse(body) as { budget_id: number }).budget_id === id);
    const { headers, body } = await eventually(() => told(good.id)[0], 'the webhook', 40_000);
    expect(JSON.parse(body)).toMatchObject({ type: 'budget.soft_limit', unit: 'tokens', limit: 100_000 });
    const signed = createHmac('sha256', good.webhook_secret!)
      .update(`${String(headers['x-parley-timestamp'])}.${body}`)
      .digest('hex');
    expect(headers['x-parley-signature']).toBe(`sha256=${signed}`);
    const failed = await eventually(
      async () => {
        const { body: listed } = await user.request<{ alerts: { last_error: string | null }[] }>(
          'GET',
          `/budgets/${broken.id}/alerts`,
        );
        return listed.alerts[0]?.last_error === null ? undefined : listed.alerts[0];
      },
      'the failed delivery',
      40_000,
    );
    expect(failed).toMatchObject({
      kind: 'soft_limit',
      delivered_at: null,
      last_error: 'it answered with 500',
      delivery_attempts: 1,
    });
    expect(told(good.id)).toHaveLength(1);
    expect((await read(user, good.id)).webhook_secret).toBeUndefined();
    await untilLogged(() => parley.log(), 'a budget nears its limit');
  });

  it('says what is wrong with a budget', async () => {
    const user = await Client.register(() => parley.url);
    const good = { name: 'x', scope: 'workspace', unit: 'tokens', limit: 10, period: 'day' };
    const table: [Record<string, unknown>, string][] = [
      [{ limit: 1.5 }, 'limit'],
      [{ limit: 0 }, 'limit'],
      [{ period: 'week' }, 'period'],
      [{ time_zone: 'Mars/Olympus' }, 'time_zone'],
      [{ scope: 'persona' }, 'persona_id'],
      [{ scope: 'persona', persona_id: 1 }, 'persona_id'],
      [{ user_id: 1 }, 'user_id'],
      [{ scope: 'user', user_id: 999_999 }, 'user_id'],
      [{ webhook_url: 'ftp://example.com' }, 'webhook_url'],
      [{ webhook_url: 'https://user:secret@example.com' }, 'webhook_url'],
      [{ alert_at_percent: 101 }, 'alert_at_percent'],
    ];
    for (const [wrong, field] of table) {
      const { status, body } = await user.request<Problem>('POST', '/budgets', { ...good, ...wrong });
      expect({ wrong, status, field: body.errors?.[0]?.field }).toEqual({ wrong, status: 422, field });
    }
  });
});
