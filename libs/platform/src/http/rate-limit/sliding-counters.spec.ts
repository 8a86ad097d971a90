import { SlidingCounters } from './sliding-counters';

/** The beginning of a slice, so that times can be read. */
const START = 1_000_000;

describe('SlidingCounters', () => {
  it('refuses what exceeds the limit, and says when the next one may come', () => {
    const counters = new SlidingCounters();
    expect(counters.take('user:1', 2, START)).toMatchObject({ isRefused: false, remaining: 1 });
    expect(counters.take('user:1', 2, START + 20_000)).toMatchObject({ isRefused: false, remaining: 0 });
    const refused = counters.take('user:1', 2, START + 20_000);
    expect(refused).toMatchObject({ isRefused: true, remaining: 0 });
    expect(refused.resetSeconds).toBeGreaterThanOrEqual(40);
    expect(refused.resetSeconds).toBeLessThanOrEqual(45);
  });

  it('takes whoever waits as told, and not a second before', () => {
    for (const burst of [1, 3, 10]) {
      const counters = new SlidingCounters();
      for (let index = 0; index < burst; index += 1) counters.take('key', burst, START + index * 7_000);
      const at = START + (burst - 1) * 7_000;
      if (at >= START + 60_000) continue;
      const { isRefused, resetSeconds } = counters.take('key', burst, at);
      expect(isRefused).toBe(true);
      expect(counters.take('key', burst, at + (resetSeconds - 1) * 1000).isRefused).toBe(true);
      expect(counters.take('key', burst, at + resetSeconds * 1000).isRefused).toBe(false);
    }
  });

  it('has no edge around which twice the limit fits', () => {
    const counters = new SlidingCounters();
    const takenAt: number[] = [];
    // As fast as they are taken, for five minutes.
    for (let now = START; now < START + 300_000; now += 100) {
      if (!counters.take('key', 60, now).isRefused) takenAt.push(now);
    }
    const inSpan = (from: number, lengthMs: number): number =>
      takenAt.filter((at) => at >= from && at < from + lengthMs).length;
    // A slice of 5 s is how exactly the minute slides.
    for (let from = START; from < START + 240_000; from += 500) {
      expect(inSpan(from, 55_000)).toBeLessThanOrEqual(61);
      expect(inSpan(from, 10_000)).toBeLessThanOrEqual(61);
    }
  });

  it('lets a steady rate at the limit pass for ever', () => {
    const counters = new SlidingCounters();
    for (let index = 0; index < 1000; index += 1) {
      expect(counters.take('key', 60, START + index * 1017).isRefused).toBe(false);
    }
  });

  it('does not count what it refused', () => {
    const counters = new SlidingCounters();
    counters.take('key', 1, START);
    for (let now = START; now < START + 60_000; now += 1000) counters.take('key', 1, now);
    expect(counters.take('key', 1, START + 65_000).isRefused).toBe(false);
  });

  it('counts each key for itself', () => {
    const counters = new SlidingCounters();
    counters.take('user:1', 1, START);
    expect(counters.take('user:2', 1, START).isRefused).toBe(false);
    expect(counters.take('user:1', 1, START).isRefused).toBe(true);
  });

  it('stays small, however many keys come, and forgets who was quiet for longest', () => {
    const counters = new SlidingCounters();
    counters.take('busy', 10, START);
    for (let index = 0; index < 99_999; index += 1) counters.take(`ip:${index}`, 10, START);
    for (let count = 0; count < 9; count += 1) counters.take('busy', 10, START + 5_000);
    for (let index = 0; index < 500; index += 1) counters.take(`more:${index}`, 10, START + 5_000);
    expect(counters.size).toBeLessThanOrEqual(100_000);
    expect(counters.take('busy', 10, START + 5_000).isRefused).toBe(true);
    counters.take('later', 10, START + 120_000);
    expect(counters.size).toBe(1);
  });
});

describe('isFull', () => {
  it('says whether the next one would be refused, and counts nothing', () => {
    const counters = new SlidingCounters();
    expect(counters.isFull('a', 2, 0)).toBe(false);
    counters.take('a', 2, 0);
    for (let asked = 0; asked < 10; asked += 1) expect(counters.isFull('a', 2, 10)).toBe(false);
    counters.take('a', 2, 20);
    expect(counters.isFull('a', 2, 30)).toBe(true);
    expect(counters.isFull('b', 2, 30)).toBe(false);
    expect(counters.isFull('a', 2, 70_000)).toBe(false);
  });
});
