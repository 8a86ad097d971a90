import { type TestDatabase, testDatabase } from '../../../../test/support/database';
import { UpstreamBreakersRepository } from '../persistence/upstream-breakers.repository';

const COOLDOWN_MS = 5000;

describe('the breaker that workers share, in PostgreSQL', () => {
  let db: TestDatabase;
  let breakers: UpstreamBreakersRepository;
  let upstream: string;
  let count = 0;

  beforeAll(async () => {
    db = await testDatabase();
    breakers = new UpstreamBreakersRepository(db.database);
  });
  afterAll(async () => db.close());
  beforeEach(() => {
    upstream = `http://upstream-${(count += 1)}/v1`;
  });

  const open = () => breakers.open(upstream, COOLDOWN_MS, 'UPSTREAM.SERVER_ERROR');
  const reopen = (token: number) => breakers.reopen(upstream, COOLDOWN_MS, 'UPSTREAM.TIMEOUT', token);
  const current = () => breakers.current(upstream);
  const age = (seconds: number) =>
    db.database.query(
      `UPDATE upstream_breakers SET retry_at = retry_at - $2 * interval '1 second', probe_until = probe_until - $2 * interval '1 second'
       WHERE upstream = $1`,
      [upstream, seconds],
    );
  const claimMany = async (): Promise<number[]> =>
    (await Promise.all(Array.from({ length: 50 }, () => breakers.claimProbe(upstream)))).filter(
      (token) => token !== null,
    );

  it('one of many openings counts', async () => {
    const opened = await Promise.all(Array.from({ length: 20 }, open));
    expect(opened.filter(Boolean)).toHaveLength(1);
    const breaker = await current();
    expect(breaker).toMatchObject({ position: 'open', errorCode: 'UPSTREAM.SERVER_ERROR' });
    expect(breaker!.retryMs).toBeGreaterThan(0);
    expect(breaker!.retryMs).toBeLessThanOrEqual(5000);
  });

  it('gives out no probe before its time, then exactly one', async () => {
    await open();
    expect(await claimMany()).toEqual([]);
    await age(6);
    expect(await claimMany()).toHaveLength(1);
    expect(await claimMany()).toEqual([]);
  });

  it('a probe whose worker died is given to one other, and the dead one decides nothing any more', async () => {
    await open();
    await age(6);
    const [dead] = await claimMany();
    await age(10);
    await breakers.renewProbe(upstream, dead!);
    await age(10);
    expect(await claimMany()).toEqual([]);
    await age(10);
    const [next] = await claimMany();
    expect(next).toBe(dead! + 1);
    expect(await breakers.closeByProbe(upstream, dead!)).toBe(false);
    await reopen(dead!);
    expect(await current()).toMatchObject({ position: 'half_open' });
  });

  it('closes on success; the next outage begins with the short pause again', async () => {
    await open();
    await age(6);
    const [token] = await claimMany();
    expect(await breakers.closeByProbe(upstream, token!)).toBe(true);
    expect(await current()).toEqual({ position: 'closed', retryMs: 0, probeMs: 0, errorCode: null });
    expect(await open()).toBe(true);
    expect((await current())!.retryMs).toBeLessThanOrEqual(5000);
  });

  it('pauses twice as long after each failed probe, at most a minute', async () => {
    await open();
    const pauses: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      await age(61);
      const [token] = await claimMany();
      await reopen(token!);
      pauses.push(Math.ceil((await current())!.retryMs / 1000));
    }
    expect(pauses).toEqual([10, 20, 40, 60, 60]);
  });

  it('a probe that was stopped from our side is free at once', async () => {
    await open();
    await age(6);
    const [token] = await claimMany();
    await breakers.giveBackProbe(upstream, token!);
    expect(await claimMany()).toHaveLength(1);
  });
});
