/** What becomes of calls that are meant. */
export interface Fault {
  /** Any when left out. */
  method?: string;
  /** Tested against the path without query and sub-path. */
  path: RegExp;
  /**
   * A status: refused with it. `reset`: the connection breaks and nothing is done. `hang`: never answered, nothing done. `lost-answer`: done, but the
   * connection breaks before the answer. `html`: what a proxy in between says.
   */
  status: number | 'reset' | 'hang' | 'lost-answer' | 'html';
  /** How often; 1 by default. */
  times?: number;
  headers?: Record<string, string>;
  /** Instead of Mattermost's own error body. */
  body?: unknown;
}

export interface Delay {
  method?: string;
  path: RegExp;
  delayMs: number;
  /** Every time by default. */
  times?: number;
}

interface Meant {
  method?: string;
  path: RegExp;
  times?: number;
}

/** Faults and delays that wait for their calls. */
export class Faults {
  private faults: Fault[] = [];
  private delays: Delay[] = [];

  add(fault: Fault): void {
    this.faults.push({ times: 1, ...fault });
  }

  addDelay(delay: Delay): void {
    this.delays.push({ times: Infinity, ...delay });
  }

  clear(): void {
    this.faults = [];
    this.delays = [];
  }

  take(method: string, path: string): { fault: Fault | null; delayMs: number } {
    return {
      fault: takeOne(this.faults, method, path),
      delayMs: takeOne(this.delays, method, path)?.delayMs ?? 0,
    };
  }
}

function takeOne<T extends Meant>(all: T[], method: string, path: string): T | null {
  const found = all.find((one) => (one.method ?? method) === method && one.path.test(path) && (one.times ?? 1) > 0);
  if (!found) return null;
  found.times = (found.times ?? 1) - 1;
  return found;
}

/** What a rate-limited server adds, in seconds until the next request is taken. */
export const RATE_LIMIT_HEADERS: Record<string, string> = {
  'x-ratelimit-limit': '10',
  'x-ratelimit-remaining': '0',
  'x-ratelimit-reset': '1',
  'retry-after': '1',
};
