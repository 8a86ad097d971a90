import { WindowCounters } from './rate-limit.storage';

describe('WindowCounters', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('blocks what exceeds the limit until the window ends, and says how long that is', async () => {
    const counters = new WindowCounters();
    const hit = () => counters.increment('user:1', 60_000, 2);
    expect(await hit()).toEqual({ totalHits: 1, timeToExpire: 60, isBlocked: false, timeToBlockExpire: 0 });
    jest.advanceTimersByTime(20_000);
    expect(await hit()).toMatchObject({ totalHits: 2, timeToExpire: 40, isBlocked: false });
    expect(await hit()).toMatchObject({ totalHits: 3, isBlocked: true, timeToBlockExpire: 40 });
    jest.advanceTimersByTime(40_000);
    expect(await hit()).toMatchObject({ totalHits: 1, isBlocked: false });
  });

  it('counts each key for itself', async () => {
    const counters = new WindowCounters();
    await counters.increment('user:1', 60_000, 1);
    expect(await counters.increment('user:2', 60_000, 1)).toMatchObject({ totalHits: 1, isBlocked: false });
    expect(await counters.increment('user:1', 60_000, 1)).toMatchObject({ isBlocked: true });
  });

  it('stays small, however many keys come', async () => {
    const counters = new WindowCounters();
    for (let index = 0; index < 100_100; index += 1) await counters.increment(`ip:${index}`, 60_000, 10);
    expect(counters['windows'].size).toBeLessThanOrEqual(100_000);
    jest.advanceTimersByTime(60_000);
    await counters.increment('ip:again', 60_000, 10);
    expect(counters['windows'].size).toBe(1);
  });
});
