import { durationMs, type HeaderReader } from './retry-after';

/** One limit of the upstream and what is left of it. */
export interface RateWindow {
  /** What a whole window allows; null when the upstream did not say. */
  limit: number | null;
  remaining: number;
  /** Until the whole limit is there again, in milliseconds; as announced at least 1. */
  resetMs: number;
}

/** What an upstream announces with its answers; null where it announces nothing. */
export interface RateLimits {
  requests: RateWindow | null;
  tokens: RateWindow | null;
}

/** Servers that announce what is left but not until when mean the usual minute. */
const USUAL_WINDOW_MS = 60_000;
/** A reset further away than a day is a daily quota or nonsense; looking again after a day is soon enough. */
const LONGEST_WINDOW_MS = 86_400_000;
/** Unix times in seconds are far above any number of seconds to wait. */
const FIRST_UNIX_TIME = 1_000_000_000;
const FIRST_UNIX_TIME_MS = 1_000_000_000_000;

/** Reads `x-ratelimit-{limit,remaining,reset}-{requests,tokens}`; null when there is none of them. */
export function readRateLimits(headers: HeaderReader, now: number = Date.now()): RateLimits | null {
  const requests = windowOf(headers, 'requests', now);
  const tokens = windowOf(headers, 'tokens', now);
  return requests === null && tokens === null ? null : { requests, tokens };
}

function windowOf(headers: HeaderReader, name: 'requests' | 'tokens', now: number): RateWindow | null {
  const remaining = count(headers.get(`x-ratelimit-remaining-${name}`));
  if (remaining === null) return null;
  const limit = count(headers.get(`x-ratelimit-limit-${name}`));
  return {
    // A limit of nothing would hold back everything for good; it is a server's way to say that there is none.
    limit: limit !== null && limit > 0 ? limit : null,
    remaining,
    resetMs: resetMs(headers.get(`x-ratelimit-reset-${name}`), now) ?? USUAL_WINDOW_MS,
  };
}

function count(text: string | null): number | null {
  // Some send "100, 100;window=60": the first number counts.
  const found = /^\s*(\d{1,15})(?:\.\d+)?\s*(?:[,;]|$)/.exec(text ?? '');
  return found === null ? null : Number(found[1]);
}

/** OpenAI sends a duration (`1s`, `6m0s`, `20ms`); others seconds, a Unix time, or a date. */
function resetMs(text: string | null, now: number): number | null {
  const value = text?.trim() ?? '';
  if (value === '') return null;
  const milliseconds = /^\d+(?:\.\d+)?$/.test(value) ? fromNumber(Number(value), now) : fromText(value, now);
  if (milliseconds === null) return null;
  return Math.min(LONGEST_WINDOW_MS, Math.max(1, Math.ceil(milliseconds)));
}

function fromNumber(number: number, now: number): number {
  if (number >= FIRST_UNIX_TIME_MS) return number - now;
  return number >= FIRST_UNIX_TIME ? number * 1000 - now : number * 1000;
}

function fromText(text: string, now: number): number | null {
  if (/^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/i.test(text)) return durationMs(text);
  const date = Date.parse(text);
  return Number.isFinite(date) ? date - now : null;
}
