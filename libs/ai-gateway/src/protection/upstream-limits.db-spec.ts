import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { UpstreamLimitsRepository } from '../persistence/upstream-limits.repository';
import type { RateLimits } from '../provider';

const UPSTREAM = 'https://api.example.com/v1';
const requests = (remaining: number, limit = 100, resetMs = 60_000): RateLimits => ({
  requests: { limit, remaining, resetMs },
  tokens: null,
});

describe('the limits that workers share, in PostgreSQL', () => {
  let db: TestDatabase;
  let limits: UpstreamLimitsRepository;
  let model: string;
  let count = 0;

  beforeAll(async () => {
    db = await testDatabase();
    limits = new UpstreamLimitsRepository(db.database);
  });
  afterAll(async () => db.close());
  beforeEach(() => {
    model = `model-${(count += 1)}`;
  });

  const reserve = (tokens = 1) => limits.reserve(UPSTREAM, model, tokens);
  const left = async (): Promise<number> =>
    (await limits.current(UPSTREAM)).find((row) => row.model === model)!.limits.requests!.remaining;
  const age = (seconds: number) =>
    db.database.query(
      `UPDATE upstream_limits SET requests_reset_at = requests_reset_at - $2 * interval '1 second',
         held_until = held_until - $2 * interval '1 second', touched_at = touched_at - $2 * interval '1 second' WHERE model = $1`,
      [model, seconds],
    );

  it('100 parallel reservations get no more than what is left', async () => {
    await limits.announce(UPSTREAM, model, requests(37), null);
    const answers = await Promise.all(Array.from({ length: 100 }, () => reserve()));
    expect(answers.filter((answer) => answer?.number !== null)).toHaveLength(37);
    const refused = answers.filter((answer) => answer?.number === null);
    expect(refused).toHaveLength(63);
    for (const answer of refused) expect((answer as { waitMs: number }).waitMs).toBeGreaterThan(0);
  });

  it('tokens count like requests, and a call larger than the whole limit may go when everything is there', async () => {
    await limits.announce(
      UPSTREAM,
      model,
      { requests: null, tokens: { limit: 1000, remaining: 1000, resetMs: 60_000 } },
      null,
    );
    expect(await reserve(600)).toMatchObject({ number: 1 });
    expect(await reserve(600)).toMatchObject({ number: null });
    expect(await reserve(400)).toMatchObject({ number: 2 });
    expect(await reserve(5000)).toMatchObject({ number: null });
    await db.database.query(`UPDATE upstream_limits SET tokens_reset_at = now() WHERE model = $1`, [model]);
    expect(await reserve(5000)).toMatchObject({ number: 3 });
  });

  it('when the window has ended everything is there again, once', async () => {
    await limits.announce(UPSTREAM, model, requests(1, 3), null);
    expect((await reserve())?.number).toBe(1);
    expect((await reserve())?.number).toBeNull();
    await age(61);
    const numbers = [await reserve(), await reserve(), await reserve(), await reserve()].map(
      (answer) => answer?.number,
    );
    expect(numbers).toEqual([2, 3, 4, null]);
  });

  it('an announcement does not give back what is on its way to the upstream', async () => {
    await limits.announce(UPSTREAM, model, requests(10), null);
    const first = await reserve();
    await reserve();
    await limits.announce(UPSTREAM, model, requests(9), first!.number);
    expect(await left()).toBe(8);
  });

  it('the answer to the newest reservation is the whole truth, and so is one after a pause', async () => {
    await limits.announce(UPSTREAM, model, requests(10), null);
    const newest = await reserve();
    await limits.announce(UPSTREAM, model, requests(50), newest!.number);
    expect(await left()).toBe(50);
    await reserve();
    await limits.announce(UPSTREAM, model, requests(80), null);
    expect(await left()).toBe(49);
    await age(3);
    await limits.announce(UPSTREAM, model, requests(80), null);
    expect(await left()).toBe(80);
  });

  it('takes off the calls that each worker has under way', async () => {
    await limits.announce(UPSTREAM, model, requests(20), null, 5);
    expect(await left()).toBe(15);
    await limits.announce(UPSTREAM, model, requests(18), null, 4);
    expect(await left()).toBe(11);
  });

  it('nobody reserves while the model is held, and a shorter hold does not shorten a longer one', async () => {
    await limits.announce(UPSTREAM, model, requests(10), null);
    await limits.hold(UPSTREAM, model, 30_000);
    await limits.hold(UPSTREAM, model, 1000);
    const answer = await reserve();
    expect(answer?.number).toBeNull();
    expect((answer as { waitMs: number }).waitMs).toBeGreaterThan(29_000);
    const [row] = (await limits.current(UPSTREAM)).filter((one) => one.model === model);
    expect(row!.heldMs).toBeGreaterThan(29_000);
    await age(31);
    expect((await reserve())?.number).toBe(1);
  });

  it('other models and other upstreams go on', async () => {
    await limits.hold(UPSTREAM, model, 30_000);
    await limits.announce(UPSTREAM, `${model}-other`, requests(10), null);
    expect(await limits.reserve(UPSTREAM, `${model}-other`, 1)).toEqual({ number: 1 });
    expect(await limits.reserve('http://other/v1', model, 1)).toBeUndefined();
    expect((await limits.current('http://other/v1')).map((row) => row.model)).not.toContain(model);
  });

  it('forgets what nobody has used for a day', async () => {
    await limits.hold(UPSTREAM, model, 1000);
    await age(90_000);
    await limits.clean();
    expect(await db.database.query('SELECT 1 FROM upstream_limits WHERE model = $1', [model])).toEqual([]);
  });
});
