import type { ConnectionData } from '../connections/connection';

const WINDOW_MS = 10_000;
/** Who sends so many times what is allowed does not listen. */
const FLOOD_FACTOR = 2;

export interface Verdict {
  verdict: 'ok' | 'tooFast' | 'flood';
  retryAfterSeconds: number;
}

/** Counts the events of one socket in windows of ten seconds. */
export class EventCounter {
  /** @param limit events within ten seconds */
  constructor(private readonly limit: number) {}

  /** @param nowMs by the monotonic clock */
  count(data: Pick<ConnectionData, 'windowStartMs' | 'windowEvents'>, nowMs = performance.now()): Verdict {
    if (nowMs - data.windowStartMs >= WINDOW_MS) {
      data.windowStartMs = nowMs;
      data.windowEvents = 0;
    }
    data.windowEvents += 1;
    const { windowEvents } = data;
    const verdict = windowEvents <= this.limit ? 'ok' : windowEvents <= this.limit * FLOOD_FACTOR ? 'tooFast' : 'flood';
    return { verdict, retryAfterSeconds: Math.ceil((data.windowStartMs + WINDOW_MS - nowMs) / 1000) };
  }
}
