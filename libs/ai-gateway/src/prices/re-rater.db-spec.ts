import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { PricesRepository } from './persistence/prices.repository';
import { RatedCallsRepository } from './persistence/rated-calls.repository';
import { type NewReRating, ReRatingsRepository } from './persistence/re-ratings.repository';
import type { PriceAmounts, StoredPrice } from './price';
import { silentLogger } from './prices.spec-support';
import { type CostDelta, ReRatedListeners } from './re-rated-listeners';
import { ReRater } from './re-rater';
import type { ReRating } from './re-rating';

const AMOUNTS: PriceAmounts = {
  inputUsdPerMtok: 1,
  cachedInputUsdPerMtok: null,
  cacheWriteUsdPerMtok: null,
  outputUsdPerMtok: 2,
  reasoningUsdPerMtok: null,
  longContextOverTokens: null,
  longContextInputFactor: null,
  longContextOutputFactor: null,
};
const DAY = '2026-10-01';
const A_LONG_TIME_MS = 60_000;

describe('re-rating history in PostgreSQL', () => {
  let db: TestDatabase;
  let prices: PricesRepository;
  let calls: RatedCallsRepository;
  let runs: ReRatingsRepository;
  let listeners: ReRatedListeners;
  let told: CostDelta[];
  let model = '';
  let price: StoredPrice;
  let count = 0;
  let turn = 0;

  beforeAll(async () => {
    db = await testDatabase();
    prices = new PricesRepository(db.database);
    calls = new RatedCallsRepository(db.database);
    runs = new ReRatingsRepository(db.database);
  });
  afterAll(async () => db.close());
  beforeEach(async () => {
    await db.database.query('TRUNCATE model_calls');
    await db.database.query(
      `UPDATE re_ratings SET status = 'completed', finished_at = now() WHERE finished_at IS NULL`,
    );
    told = [];
    listeners = new ReRatedListeners();
    listeners.add({ onRerated: (deltas) => Promise.resolve(void told.push(...deltas)) });
    model = `model-${(count += 1)}`;
    price = await prices.insert({
      ...AMOUNTS,
      provider: 'openai',
      model,
      serviceTier: 'default',
      effectiveFrom: new Date(DAY),
      source: 'admin',
      createdBy: null,
    });
  });

  const aReRater = (): ReRater => new ReRater(db.database, runs, calls, prices, listeners, silentLogger);

  /** Closed calls of 100 tokens in and 10 out, a second apart, with the cost that an old price gave them. */
  async function someCalls(howMany: number, fields: { model?: string | null; asked?: string; cost?: number | null; from?: string; user?: number; status?: string; tokens?: number | null } = {}): Promise<void> {
    const first = turn + 1;
    turn += howMany;
    await db.database.query(
      `INSERT INTO model_calls (workspace_id, user_id, persona_id, persona_version_id, conversation_id, turn_id, attempt, status, provider, api,
         model_requested, model, input_tokens, output_tokens, total_tokens, cost_usd_micros, started_at, ended_at)
       SELECT 1, $7, 1, 1, 1, n, 1, $8::varchar, 'openai', 'responses', $3, $4, $9::int, 10, 110, $5::bigint, $6::timestamptz + (n - $1) * interval '1 second',
         CASE WHEN $8 = 'started' THEN NULL ELSE now() END
       FROM generate_series($1::bigint, $2::bigint) n`,
      [
        first,
        turn,
        fields.asked ?? model,
        fields.model === undefined ? `${model}-2026-05-12` : fields.model,
        fields.cost === undefined ? 50 : fields.cost,
        fields.from ?? `${DAY}T12:00:00.000123Z`,
        fields.user ?? 1,
        fields.status ?? 'succeeded',
        fields.tokens === undefined ? 100 : fields.tokens,
      ],
    );
  } // prettier-ignore

  const order = (fields: Partial<NewReRating> = {}): Promise<number> =>
    runs.create({
      cause: 'changed',
      reason: null,
      requestedBy: null,
      scopes: [{ provider: 'openai', model, from: new Date(DAY).toISOString(), to: null }],
      longestCallMs: 60_000,
      knownAfterMs: -1,
      ...fields,
    });

  const sum = async (): Promise<{ calls: number; cost: number; unpriced: number }> =>
    (
      await db.database.query<{ calls: number; cost: number; unpriced: number }>(
        `SELECT count(*) AS calls, coalesce(sum(cost_usd_micros), 0)::bigint AS cost, count(*) FILTER (WHERE cost_usd_micros IS NULL) AS unpriced
         FROM model_calls`,
      )
    )[0]!;

  async function finish(id: number, reRater = aReRater()): Promise<ReRating> {
    expect(await reRater.work(A_LONG_TIME_MS)).toBeNull();
    const run = (await runs.find(id))!;
    expect(run.status).toBe('completed');
    return run;
  }

  it('every call of the model gets its new cost once, tokens stay, and the audit explains both sums', async () => {
    await someCalls(2_500);
    await someCalls(700, { cost: null, model: null, user: 2 });
    await someCalls(300, { asked: 'another', model: 'another', cost: 7 });
    const before = await sum();
    const run = await finish(await order());
    expect(run).toMatchObject({
      callsLookedAt: 3_200,
      callsChanged: 3_200,
      callsNewlyPriced: 700,
      callsNewlyUnpriced: 0,
      costBeforeUsdMicros: 2_500 * 50,
      costAfterUsdMicros: 3_200 * 120,
    });
    const after = await sum();
    expect(after).toEqual({ calls: 3_500, cost: 3_200 * 120 + 300 * 7, unpriced: 0 });
    expect(after.cost - before.cost).toBe(run.costAfterUsdMicros - run.costBeforeUsdMicros);
    expect(Object.keys(run.byModel).sort()).toEqual([`openai/${model}`, `openai/${model}-2026-05-12`]);
    expect(run.byModel[`openai/${model}`]).toMatchObject({ callsLookedAt: 700, callsNewlyPriced: 700 });
    const rows = await db.database.query(
      `SELECT DISTINCT price_id, input_tokens, output_tokens, total_tokens FROM model_calls WHERE model_requested = $1`,
      [model],
    );
    expect(rows).toEqual([{ price_id: price.id, input_tokens: 100, output_tokens: 10, total_tokens: 110 }]);
  });

  it('tells what it adds to whom, by the quarter of an hour in which calls started', async () => {
    await someCalls(3, { from: `${DAY}T12:14:58Z`, user: 7 });
    await someCalls(1, { from: `${DAY}T12:14:58Z`, user: 8, cost: null });
    await finish(await order());
    expect(told.sort((a, b) => a.userId - b.userId || a.quarter.getTime() - b.quarter.getTime())).toEqual([
      { workspaceId: 1, userId: 7, personaId: 1, quarter: new Date(`${DAY}T12:00:00Z`), costDeltaUsdMicros: 140, unpricedCallsDelta: 0 },
      { workspaceId: 1, userId: 7, personaId: 1, quarter: new Date(`${DAY}T12:15:00Z`), costDeltaUsdMicros: 70, unpricedCallsDelta: 0 },
      { workspaceId: 1, userId: 8, personaId: 1, quarter: new Date(`${DAY}T12:00:00Z`), costDeltaUsdMicros: 120, unpricedCallsDelta: -1 },
    ]); // prettier-ignore
  });

  it('a batch whose listener fails has not happened, and is done again', async () => {
    await someCalls(10);
    const id = await order();
    const failing = new ReRatedListeners();
    failing.add({ onRerated: () => Promise.reject(new Error('no room')) });
    const broken = new ReRater(db.database, runs, calls, prices, failing, silentLogger);
    await expect(broken.work(A_LONG_TIME_MS)).rejects.toThrow('no room');
    expect((await sum()).cost).toBe(500);
    expect((await finish(id)).callsChanged).toBe(10);
    expect((await sum()).cost).toBe(1_200);
  });

  it('goes on where a killed one was, and counts nothing twice', async () => {
    await someCalls(2_500);
    const id = await order();
    // As a kill leaves it: some batches are committed, and the lease is still held.
    const killed = aReRater();
    let batches = 0;
    listeners.add({ onRerated: () => Promise.resolve(void ((batches += 1) === 2 && killed.stop())) });
    await killed.work(A_LONG_TIME_MS);
    const midway = (await runs.find(id))!;
    expect(midway).toMatchObject({ status: 'running', callsLookedAt: 2_000 });
    await db.database.query(
      `UPDATE re_ratings SET leased_by = gen_random_uuid(), leased_until = now() + interval '1 minute' WHERE id = $1`,
      [id],
    );
    expect(await aReRater().work(A_LONG_TIME_MS)).toBeNull();
    expect(await runs.find(id)).toMatchObject({ callsLookedAt: 2_000 });
    await db.database.query(`UPDATE re_ratings SET leased_until = now() WHERE id = $1`, [id]);
    expect(await finish(id)).toMatchObject({ callsLookedAt: 2_500, callsChanged: 2_500, costBeforeUsdMicros: 125_000 });
    expect((await sum()).cost).toBe(2_500 * 120);
  });

  it('several runs and several workers at once end with the costs that the prices say, each change counted once', async () => {
    await someCalls(3_000);
    const first = await order();
    const second = await order();
    const workers = [aReRater(), aReRater(), aReRater()];
    await Promise.all(workers.map((worker) => worker.work(A_LONG_TIME_MS)));
    await finish(second);
    const [one, two] = [(await runs.find(first))!, (await runs.find(second))!];
    expect(one.status).toBe('completed');
    expect(one.callsChanged + two.callsChanged).toBe(3_000);
    expect([one.callsLookedAt, two.callsLookedAt]).toEqual([3_000, 3_000]);
    expect((await sum()).cost).toBe(3_000 * 120);
  });

  it('a call that ends with the old price while it runs is found when the last of them has ended', async () => {
    const now = new Date().toISOString();
    await someCalls(5, { from: new Date(Date.now() - 30_000).toISOString() });
    await someCalls(1, { status: 'started', model: null, tokens: null, cost: null, from: now });
    const id = await order({ knownAfterMs: 1 });
    const reRater = aReRater();
    expect(await reRater.work(A_LONG_TIME_MS)).toBeLessThanOrEqual(1000);
    // The calls of the past need not wait.
    expect(await runs.find(id)).toMatchObject({ status: 'settling', callsLookedAt: 5, callsChanged: 5 });
    await db.database.query(
      `UPDATE model_calls SET status = 'succeeded', ended_at = now(), input_tokens = 100, cost_usd_micros = 50 WHERE status = 'started'`,
    );
    await db.database.query(`UPDATE re_ratings SET next_at = now() WHERE id = $1`, [id]);
    expect(await finish(id, reRater)).toMatchObject({
      callsLookedAt: 6,
      callsChanged: 6,
      costBeforeUsdMicros: 300,
      costAfterUsdMicros: 720,
    });
  });

  it('takes the cost away where no price is left, and leaves alone what cannot be rated or asked nobody', async () => {
    await someCalls(4);
    await someCalls(3, { tokens: null, cost: null, status: 'failed' });
    await someCalls(2, { status: 'cached', cost: 0 });
    await prices.markDeleted(price.id);
    expect(await finish(await order())).toMatchObject({
      callsLookedAt: 4,
      callsNewlyUnpriced: 4,
      costAfterUsdMicros: 0,
    });
    expect(await sum()).toEqual({ calls: 9, cost: 0, unpriced: 7 });
  });

  it('keeps to the time that it was ordered for', async () => {
    await someCalls(10, { from: `${DAY}T00:00:00Z` });
    const [from, to] = [`${DAY}T00:00:03.000Z`, `${DAY}T00:00:06.000Z`];
    const run = await finish(await order({ scopes: [{ provider: null, model: null, from, to }] }));
    expect(run).toMatchObject({ callsLookedAt: 3, callsChanged: 3 });
  });

  it('a second run over the same calls changes nothing', async () => {
    await someCalls(20);
    await finish(await order());
    expect(await finish(await order())).toMatchObject({
      callsLookedAt: 20,
      callsChanged: 0,
      costBeforeUsdMicros: 2_400,
    });
  });

  it('many models that nearly nobody asked for are gone through together', async () => {
    for (let n = 0; n < 50; n += 1) await someCalls(1, { asked: `odd-${model}-${n}`, model: null });
    const run = await finish(
      await order({ scopes: [{ provider: null, model: null, from: `${DAY}T00:00:00.000Z`, to: null }] }),
    );
    expect(run).toMatchObject({ callsLookedAt: 50, callsNewlyUnpriced: 50 });
  });
});
