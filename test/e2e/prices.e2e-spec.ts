import { Client as Postgres } from 'pg';
import { Client, type Problem } from '../support/client';
import { FakeOpenAI } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';

interface Price {
  id: number;
  source: string;
  input_usd_per_mtok: number;
  effective_to: string | null;
  deleted_at: string | null;
  re_rating_id: number | null;
  changes: { kind: string; changed_by: number; reason: string | null; before: Price | null; after: Price | null }[];
}

interface ReRating {
  id: number;
  status: string;
  cause: string;
  requested_by: number;
  reason: string | null;
  changes: Price['changes'];
  calls_looked_at: number;
  calls_changed: number;
  calls_newly_priced: number;
  calls_newly_unpriced: number;
  cost_before_usd: number;
  cost_after_usd: number;
  by_model: { model: string; calls_looked_at: number; cost_after_usd: number }[];
}

interface Stats {
  estimated_cost_usd: number;
  unpriced_calls: number;
  total_tokens: number;
}

const MICROS = 1_000_000;
const RUN_MS = 60_000;
/** What an answer is billed in these tests. */
const USAGE = { input: 1000, cached: 400, output: 200, reasoning: 50 };
const reply = (fields: object = {}) => ({ type: 'reply' as const, text: 'hello', usage: USAGE, ...fields });

describe('prices', () => {
  const fake = new FakeOpenAI();
  let parley: Parley;
  let admin: Client;
  let member: Client;
  let sql: Postgres;

  beforeAll(async () => {
    await fake.start();
    parley = await startParley({
      OPENAI_BASE_URL: fake.baseUrl,
      OPENAI_API_KEY: 'sk-x',
      PRICE_CACHE_SECONDS: '1',
      // Calls for summaries would be counted along with the replies.
      CONTEXT_SUMMARY: 'false',
    });
    // The first account is the instance admin.
    admin = await Client.register(parley.url);
    member = await Client.register(parley.url);
    sql = new Postgres({ connectionString: parley.database.url });
    await sql.connect();
  });
  afterAll(async () => {
    await sql.end();
    await parley.stop();
    await fake.stop();
  });
  beforeEach(() => fake.reset());

  const stats = async (client: Client): Promise<Stats> => (await client.request<Stats>('GET', '/chat/stats')).body;

  const setPrice = (fields: object) =>
    admin.request<Price>('POST', '/prices', {
      provider: 'compatible',
      effective_from: '2026-01-01',
      input_usd_per_mtok: 1,
      output_usd_per_mtok: 2,
      ...fields,
    });

  async function done(id: number | null): Promise<ReRating> {
    return eventually(
      async () => {
        const { body } = await admin.request<ReRating>('GET', `/prices/re-ratings/${id}`);
        return body.status === 'completed' ? body : undefined;
      },
      `re-rating ${id} to be completed`,
      RUN_MS,
    );
  }

  /** Calls and their cost, as the ledger has them. */
  async function ledger(userId: number, model: string): Promise<{ calls: number; cost: number | null; priceIds: (number | null)[] }> {
    const { rows } = await sql.query<{ calls: number; cost: string | null; prices: (string | null)[] }>(
      `SELECT count(*)::int AS calls, sum(cost_usd_micros) AS cost, array_agg(DISTINCT price_id::text) AS prices
       FROM model_calls WHERE user_id = $1 AND model_requested = $2`,
      [userId, model],
    );
    const { calls, cost, prices } = rows[0]!;
    return {
      calls,
      cost: cost === null ? null : Number(cost),
      priceIds: prices.map((id) => (id === null ? null : Number(id))),
    };
  } // prettier-ignore

  it('a member can look at them and not change them, nor see what re-ratings did', async () => {
    const { body } = await member.request<{ prices: Price[] }>('GET', '/prices?model=gpt-6-luna&provider=openai&at=2026-11-21');
    expect(body.prices).toMatchObject([{ source: 'seed', input_usd_per_mtok: 0.1, effective_to: null }]);
    const { id } = body.prices[0]!;
    expect((await member.request<Price>('GET', `/prices/${id}`)).body).toMatchObject({ id, changes: [] });
    const amounts = { model: 'm', input_usd_per_mtok: 1, output_usd_per_mtok: 1 };
    for (const [method, path, given] of [
      ['POST', '/prices', amounts],
      ['PATCH', `/prices/${id}`, { input_usd_per_mtok: 0 }],
      ['DELETE', `/prices/${id}`, undefined],
      ['POST', '/prices/import', { source: 'genai-prices' }],
      ['POST', '/prices/re-ratings', { from: '2026-11-01' }],
      ['GET', '/prices/re-ratings', undefined],
      ['GET', '/prices/re-ratings/1', undefined],
    ] as const) {
      const answer = await member.request<Problem>(method, path, given);
      expect([method, path, answer.status, answer.body.code]).toEqual([method, path, 403, 'PRICE.FORBIDDEN']);
    }
    const before = await member.request<{ prices: Price[] }>('GET', '/prices?model=gpt-6-luna&at=2026-10-01');
    expect(before.body.prices).toEqual([]);
  }); // prettier-ignore

  it('a price that is set, corrected and taken away: history, audit and statistics agree at each step', async () => {
    const user = await Client.register(parley.url);
    const model = 'house-model';
    const conversation = await user.conversation(await user.persona({ model }));
    fake.always(reply({ model: `${model}-2026-05-12` }));
    for (const text of ['a', 'b', 'c']) await user.send(conversation, text);

    // Nobody has said what this server charges: unknown, and never 0.
    expect(await stats(user)).toMatchObject({ estimated_cost_usd: 0, unpriced_calls: 3, total_tokens: 3600 });

    const set = await setPrice({ model, cached_input_usd_per_mtok: 0.1, reason: 'as in the contract' });
    expect(set.status).toBe(201);
    const priced = await done(set.body.re_rating_id);
    const each = 600 * 1 + 400 * 0.1 + 200 * 2;
    expect(priced).toMatchObject({
      cause: 'created',
      requested_by: admin.userId,
      reason: 'as in the contract',
      calls_looked_at: 3,
      calls_changed: 3,
      calls_newly_priced: 3,
      cost_before_usd: 0,
      cost_after_usd: (3 * each) / MICROS,
      changes: [{ kind: 'created', before: null, after: { input_usd_per_mtok: 1 } }],
      by_model: [{ model: `compatible/${model}-2026-05-12`, calls_looked_at: 3 }],
    });
    expect(await stats(user)).toMatchObject({
      estimated_cost_usd: (3 * each) / MICROS,
      unpriced_calls: 0,
      total_tokens: 3600,
    });

    // From now on calls are rated as they end.
    await user.send(conversation, 'd');
    expect(await ledger(user.userId, model)).toEqual({ calls: 4, cost: 4 * each, priceIds: [set.body.id] });

    const patched = await admin.request<Price>('PATCH', `/prices/${set.body.id}`, {
      output_usd_per_mtok: 4,
      reasoning_usd_per_mtok: 8,
      reason: 'a typing error',
    });
    const corrected = await done(patched.body.re_rating_id);
    const newEach = 600 * 1 + 400 * 0.1 + 150 * 4 + 50 * 8;
    expect(corrected).toMatchObject({
      cause: 'changed',
      calls_looked_at: 4,
      calls_changed: 4,
      calls_newly_priced: 0,
      cost_before_usd: (4 * each) / MICROS,
      cost_after_usd: (4 * newEach) / MICROS,
      changes: [{ before: { output_usd_per_mtok: 2 }, after: { output_usd_per_mtok: 4, reasoning_usd_per_mtok: 8 } }],
    });
    expect(await ledger(user.userId, model)).toMatchObject({ calls: 4, cost: 4 * newEach });
    expect((await stats(user)).estimated_cost_usd).toBe((4 * newEach) / MICROS);

    // Not again, when that is what the admin wants.
    const kept = await admin.request<Price>('PATCH', `/prices/${set.body.id}`, {
      input_usd_per_mtok: 9,
      is_rerated: false,
    });
    expect(kept.body.re_rating_id).toBeNull();
    expect(await ledger(user.userId, model)).toMatchObject({ calls: 4, cost: 4 * newEach });

    const deleted = await admin.request<Price>('DELETE', `/prices/${set.body.id}?reason=over`);
    expect(deleted.body.deleted_at).not.toBeNull();
    expect(await done(deleted.body.re_rating_id)).toMatchObject({ calls_newly_unpriced: 4, cost_after_usd: 0 });
    expect(await stats(user)).toMatchObject({ estimated_cost_usd: 0, unpriced_calls: 4, total_tokens: 4800 });

    // What was is still told; a deleted price is out of use.
    const { body } = await member.request<Price>('GET', `/prices/${set.body.id}`);
    expect(body.changes.map(({ kind, changed_by: by, reason }) => [kind, by, reason])).toEqual([
      ['deleted', admin.userId, 'over'],
      ['changed', admin.userId, null],
      ['changed', admin.userId, 'a typing error'],
      ['created', admin.userId, 'as in the contract'],
    ]);
    expect((await admin.request<Problem>('DELETE', `/prices/${set.body.id}`)).body.code).toBe('PRICE.DELETED');
    expect((await member.request<{ prices: Price[] }>('GET', `/prices?model=${model}`)).body.prices).toEqual([]);
  });

  it('a call is billed in the tier that the answer names, also when another one was asked for', async () => {
    const user = await Client.register(parley.url);
    const model = 'tiered-model';
    const conversation = await user.conversation(await user.persona({ model }));
    await setPrice({ model });
    fake.next(reply(), reply({ serviceTier: 'priority' }), reply({ serviceTier: null }));
    for (const text of ['a', 'b', 'c']) await user.send(conversation, text);
    expect((await sql.query(
      'SELECT service_tier, cost_usd_micros::int AS cost FROM model_calls WHERE user_id = $1 ORDER BY id', [user.userId],
    )).rows).toEqual([
      { service_tier: 'default', cost: 1400 },
      { service_tier: 'priority', cost: null },
      { service_tier: null, cost: 1400 },
    ]);
    const { body } = await setPrice({ model, service_tier: 'priority', input_usd_per_mtok: 2, output_usd_per_mtok: 4 });
    expect(await done(body.re_rating_id)).toMatchObject({ calls_looked_at: 3, calls_changed: 1, calls_newly_priced: 1 });
    expect(await stats(user)).toMatchObject({ estimated_cost_usd: 5600 / MICROS, unpriced_calls: 0 });
  }); // prettier-ignore

  it('refuses what makes no sense, and says which field', async () => {
    expect((await setPrice({ model: 'twice' })).status).toBe(201);
    expect((await setPrice({ model: 'twice' })).body).toMatchObject({ code: 'PRICE.EXISTS' });
    const fieldOf = async (fields: object): Promise<string | undefined> =>
      ((await setPrice({ model: 'odd', ...fields })).body as unknown as Problem).errors?.[0]?.field;
    expect(await fieldOf({ effective_from: '2026-13-01' })).toBe('effective_from');
    expect(await fieldOf({ effective_from: '1969-01-01' })).toBe('effective_from');
    expect(await fieldOf({ service_tier: 'auto' })).toBe('service_tier');
    expect(await fieldOf({ provider: 'simulator' })).toBe('provider');
    expect(await fieldOf({ long_context_input_factor: 2 })).toBe('long_context_over_tokens');
    const range = await admin.request<Problem>('POST', '/prices/re-ratings', { from: '2026-11-01', to: '2026-10-01' });
    expect(range.body.errors?.[0]?.field).toBe('to');
  });

  it('an import says what it would do, does it, and leaves alone what an admin has set', async () => {
    const models = ['gpt-4o', 'gpt-5.6-luna', 'no-such-model'];
    interface Import {
      added: number;
      changed: number;
      kept: number;
      not_found: string[];
      prices: { model: string; effective_from: string; action: string; reason: string | null; current: object | null; imported: object }[];
    }
    const imported = (isDryRun: boolean) =>
      admin.request<Import>('POST', '/prices/import', { source: 'genai-prices', models, is_dry_run: isDryRun });
    await admin.request('POST', '/prices', {
      model: 'gpt-4o', effective_from: '2020-01-01', input_usd_per_mtok: 2, output_usd_per_mtok: 8,
    });
    const dry = await imported(true);
    expect(dry.body).toMatchObject({ added: 2, changed: 0, kept: 1, not_found: ['no-such-model'] });
    expect(dry.body.prices.find(({ model }) => model === 'gpt-4o')).toMatchObject({
      action: 'kept', reason: 'an admin has set the price that is in force then',
      current: { input_usd_per_mtok: 2 }, imported: { input_usd_per_mtok: 2.5, cached_input_usd_per_mtok: 1.25 },
    });
    const list = () => admin.request<{ prices: Price[] }>('GET', '/prices?model=gpt-5.6-luna');
    expect((await list()).body.prices).toHaveLength(1);
    expect((await imported(false)).body).toMatchObject({ added: 2, kept: 1 });
    expect((await list()).body.prices.map(({ source, input_usd_per_mtok: input }) => [source, input])).toEqual([
      ['import:genai-prices', 0.2], ['import:genai-prices', 1], ['seed', 0.2],
    ]);
    expect((await imported(false)).body).toMatchObject({ added: 0, changed: 0, kept: 3 });
  }); // prettier-ignore

  it('calls that end while a correction runs are rated right, too, and the audit explains the sums', async () => {
    const user = await Client.register(parley.url);
    const model = 'busy-model';
    const conversations: number[] = [];
    const persona = await user.persona({ model });
    while (conversations.length < 4) conversations.push(await user.conversation(persona));
    const { body: price } = await setPrice({ model });
    await done(price.re_rating_id);
    const PAST = 8_000;
    await sql.query(
      `INSERT INTO model_calls (workspace_id, user_id, persona_id, persona_version_id, conversation_id, turn_id, attempt, status, provider, api,
         model_requested, model, input_tokens, output_tokens, total_tokens, cost_usd_micros, price_id, started_at, ended_at)
       SELECT 1, $1, $2, 1, 1, -n, 1, 'succeeded', 'compatible', 'chat', $3::varchar, $3::varchar, 1000, 200, 1200, 1400, $4, now() - n * interval '1 second', now()
       FROM generate_series(1, $5::int) n`,
      [user.userId, persona, model, price.id, PAST],
    );
    fake.always(reply({ tokenDelayMs: 5 }));
    let isOver = false;
    let sent = 0;
    const writers = conversations.map(async (id) => {
      while (!isOver) {
        const { status } = await user.send(id, 'more');
        if (status !== 200) throw new Error(`send answered ${status}`);
        sent += 1;
      }
    });
    await eventually(async () => Promise.resolve(sent >= 4 ? true : undefined), 'the writers to be at it', RUN_MS);
    const patched = await admin.request<Price>('PATCH', `/prices/${price.id}`, { input_usd_per_mtok: 3 });
    const run = await done(patched.body.re_rating_id);
    isOver = true;
    await Promise.all(writers);
    const wrong = await sql.query(
      'SELECT count(*)::int AS count FROM model_calls WHERE model_requested = $1 AND cost_usd_micros IS DISTINCT FROM 3400', [model],
    );
    expect(wrong.rows).toEqual([{ count: 0 }]);
    expect(run.calls_looked_at).toBeGreaterThanOrEqual(PAST);
    expect(Math.round((run.cost_after_usd - run.cost_before_usd) * MICROS)).toBe(run.calls_changed * 2000);
    expect((await stats(user)).estimated_cost_usd).toBe(((PAST + sent) * 3400) / MICROS);
  }); // prettier-ignore
});
