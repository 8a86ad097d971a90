/** What every limit is per. */
export const WINDOW_MS = 60_000;
/** How exactly the window slides. */
const SLICE_MS = 5_000;
const SLICES_IN_WINDOW = WINDOW_MS / SLICE_MS;
/** The slice that is now, and the ones of the minute before it. */
const SLOTS = SLICES_IN_WINDOW + 1;

/** Counters of that many users or networks, about 30 MB. When there are more within a minute, the ones that were quiet for longest are forgotten. */
const MAX_KEYS = 100_000;

interface Counter {
  /** Number of the slice of the last request. */
  slice: number;
  /** Requests per slice, each at its number modulo the length. */
  counts: number[];
}

/** What one request met. */
export interface Take {
  limit: number;
  isRefused: boolean;
  /** Requests that may come right now. */
  remaining: number;
  /** Seconds until more may come than now, at least 1; for a refused request, until the next one may. */
  resetSeconds: number;
}

/**
 * Counts requests of the last minute, wherever the minute begins: with fixed windows twice the limit fits into two seconds around their edge.
 * Constant time and space per request and key. What was refused does not count, so whoever waits as told gets in.
 */
export class SlidingCounters {
  private readonly counters = new Map<string, Counter>();

  /** @param now by the monotonic clock, in milliseconds */
  take(key: string, limit: number, now: number = performance.now()): Take {
    const slice = Math.floor(now / SLICE_MS);
    const counter = this.current(key, slice);
    /** The part of the oldest slice that the minute has left behind. */
    const passed = now / SLICE_MS - slice;
    const used = usedOf(counter, passed);
    const isRefused = used + 1 > limit;
    if (!isRefused) counter.counts[slice % SLOTS]! += 1;
    const after = isRefused ? used : used + 1;
    return {
      limit,
      isRefused,
      remaining: Math.max(0, Math.floor(limit - after)),
      resetSeconds: secondsUntil(counter, now, passed, isRefused ? used + 1 - limit : 1),
    };
  }

  /** Whether one more would be refused; nothing is counted. */
  isFull(key: string, limit: number, now: number = performance.now()): boolean {
    const known = this.counters.get(key);
    const slice = Math.floor(now / SLICE_MS);
    if (known === undefined || slice - known.slice >= SLOTS) return false;
    return usedOf(this.current(key, slice), now / SLICE_MS - slice) + 1 > limit;
  }

  get size(): number {
    return this.counters.size;
  }

  private current(key: string, slice: number): Counter {
    const known = this.counters.get(key);
    if (known?.slice === slice) return known;
    const isOutdated = known === undefined || slice - known.slice >= SLOTS;
    const counter = isOutdated ? { slice, counts: new Array<number>(SLOTS).fill(0) } : known;
    for (let gone = counter.slice + 1; gone <= slice; gone += 1) counter.counts[gone % SLOTS] = 0;
    counter.slice = slice;
    // To the end of the map, so that the map is in the order of the last requests.
    this.counters.delete(key);
    this.forgetQuiet(slice);
    this.counters.set(key, counter);
    return counter;
  }

  private forgetQuiet(slice: number): void {
    for (const [key, counter] of this.counters) {
      if (slice - counter.slice < SLOTS && this.counters.size < MAX_KEYS) return;
      this.counters.delete(key);
    }
  }
}

const oldestOf = ({ slice }: Counter): number => slice - SLICES_IN_WINDOW;
const countAt = ({ counts }: Counter, slice: number): number => (slice < 0 ? 0 : counts[slice % SLOTS]!);

function usedOf(counter: Counter, passed: number): number {
  const all = counter.counts.reduce((sum, count) => sum + count, 0);
  return all - countAt(counter, oldestOf(counter)) * passed;
}

/** Seconds until `amount` of what is counted now counts no more. */
function secondsUntil(counter: Counter, now: number, passed: number, amount: number): number {
  let missing = amount;
  for (let slice = oldestOf(counter); slice <= counter.slice; slice += 1) {
    const count = countAt(counter, slice);
    const already = slice === oldestOf(counter) ? count * passed : 0;
    if (count > 0 && missing <= count - already) {
      const at = (slice + (already + missing) / count) * SLICE_MS + WINDOW_MS;
      return Math.max(1, Math.ceil((at - now) / 1000));
    }
    missing -= count - already;
  }
  return WINDOW_MS / 1000;
}
