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
    await limits.announce(UPSTREAM, model, requests(37));
    const answers = await Promise.all(Array.from({ length: 100 }, () => reserve()));
    expect(answers.filter((answer) => answer?.isGranted)).toHaveLength(37);
    const refused = answers.filter((answer) => answer?.isGranted === false);
    expect(refused).toHaveLength(63);
    for (const answer of refused) expect((answer as { waitMs: number }).waitMs).toBeGreaterThan(0);
  });

  it('tokens count like requests, and a call larger than the whole limit may go when everything is there', async () => {
    await limits.announce(UPSTREAM, model, {
      requests: null,
      tokens: { limit: 1000, remaining: 1000, resetMs: 60_000 },
    });
    expect(await reserve(600)).toMatchObject({ isGranted: true });
    expect(await reserve(600)).toMatchObject({ isGranted: false });
    expect(await reserve(400)).toMatchObject({ isGranted: true });
    expect(await reserve(5000)).toMatchObject({ isGranted: false });
    await db.database.query(`UPDATE upstream_limits SET tokens_reset_at = now() WHERE model = $1`, [model]);
    expect(await reserve(5000)).toMatchObject({ isGranted: true });
  });

  it('when the window has ended everything is there again, once', async () => {
    await limits.announce(UPSTREAM, model, requests(1, 3));
    expect((await reserve())?.isGranted).toBe(true);
    expect((await reserve())?.isGranted).toBe(false);
    await age(61);
    const granted = [await reserve(), await reserve(), await reserve(), await reserve()].map(
      (answer) => answer?.isGranted,
    );
    expect(granted).toEqual([true, true, true, false]);
  });

  it('an announcement does not give back what is on its way to the upstream, in whatever order it answers', async () => {
    await limits.announce(UPSTREAM, model, requests(10));
    for (let call = 0; call < 10; call += 1) await reserve();
    await limits.announce(UPSTREAM, model, requests(9));
    expect(await left()).toBe(0);
  });

  it('after a pause an announcement is the whole truth', async () => {
    await limits.announce(UPSTREAM, model, requests(10));
    await reserve();
    await limits.announce(UPSTREAM, model, requests(80));
    expect(await left()).toBe(9);
    await age(3);
    await limits.announce(UPSTREAM, model, requests(80));
    expect(await left()).toBe(80);
  });

  it('takes off the calls that each worker has under way', async () => {
    await limits.announce(UPSTREAM, model, requests(20), 5);
    expect(await left()).toBe(15);
    await limits.announce(UPSTREAM, model, requests(18), 4);
    expect(await left()).toBe(11);
  });

  it('a worker that joins with what it knew of an ended window does not begin another one', async () => {
    await limits.announce(UPSTREAM, model, requests(0, 3));
    await age(61);
    expect((await reserve())?.isGranted).toBe(true);
    await limits.announce(UPSTREAM, model, requests(3, 3, 0), 1);
    expect((await reserve())?.isGranted).toBe(true);
    expect((await reserve())?.isGranted).toBe(false);
  });

  it('nobody reserves while the model is held, and a shorter hold does not shorten a longer one', async () => {
    await limits.announce(UPSTREAM, model, requests(10));
    await limits.hold(UPSTREAM, model, 30_000);
    await limits.hold(UPSTREAM, model, 1000);
    const answer = await reserve();
    expect(answer?.isGranted).toBe(false);
    expect((answer as { waitMs: number }).waitMs).toBeGreaterThan(20_000);
    const [row] = (await limits.current(UPSTREAM)).filter((one) => one.model === model);
    expect(row!.heldMs).toBeGreaterThan(20_000);
    await age(31);
    expect((await reserve())?.isGranted).toBe(true);
  });

  it('other models and other upstreams go on', async () => {
    await limits.hold(UPSTREAM, model, 30_000);
    await limits.announce(UPSTREAM, `${model}-other`, requests(10));
    expect(await limits.reserve(UPSTREAM, `${model}-other`, 1)).toEqual({ isGranted: true });
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
