import type { ThrottlerStorage } from '@nestjs/throttler';

interface Window {
  hits: number;
  /** By the monotonic clock, in milliseconds. */
  endsAt: number;
}

/** Counters of that many users and addresses, about 10 MB. When there are more within a minute, the oldest are forgotten. */
const MAX_KEYS = 100_000;

type Answer = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/**
 * Counts requests in windows that begin with a key's first request. Constant time per request: the library's own storage keeps the time of
 * every request of the last minute and looks through all of them each time.
 */
export class WindowCounters implements ThrottlerStorage {
  private readonly windows = new Map<string, Window>();

  /** @param ttl length of a window in milliseconds */
  increment(key: string, ttl: number, limit: number): Promise<Answer> {
    const now = performance.now();
    const window = this.current(key, ttl, now);
    window.hits += 1;
    const secondsLeft = Math.ceil((window.endsAt - now) / 1000);
    const isBlocked = window.hits > limit;
    return Promise.resolve({
      totalHits: window.hits,
      timeToExpire: secondsLeft,
      isBlocked,
      timeToBlockExpire: isBlocked ? secondsLeft : 0,
    });
  }

  private current(key: string, ttl: number, now: number): Window {
    const known = this.windows.get(key);
    if (known !== undefined && known.endsAt > now) return known;
    // A new window goes to the end of the map, so that the map is in the order in which windows began.
    this.windows.delete(key);
    this.forgetOld(now);
    const window = { hits: 0, endsAt: now + ttl };
    this.windows.set(key, window);
    return window;
  }

  private forgetOld(now: number): void {
    for (const [key, window] of this.windows) {
      if (window.endsAt > now && this.windows.size < MAX_KEYS) return;
      this.windows.delete(key);
    }
  }
}
