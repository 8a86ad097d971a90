/** The part of `Headers` that is needed here. */
export interface HeaderReader {
  get(name: string): string | null;
}

/**
 * How long the upstream asked us to wait, in milliseconds; null when it did not say.
 * In this order: `retry-after-ms`, `Retry-After` in seconds or as an HTTP date, the rate-limit headers of a used-up
 * window (`x-ratelimit-remaining-*: 0` with `x-ratelimit-reset-*: 6m0s`), and the "try again in 1.5s" of the message
 * (OpenAI sends it where headers are missing, and inside streams).
 */
export function retryAfterMs(headers: HeaderReader | null, message: string, now: number = Date.now()): number | null {
  if (headers) {
    const milliseconds = numberOf(headers.get('retry-after-ms'));
    if (milliseconds !== null) return Math.ceil(milliseconds);
    const after = headers.get('retry-after');
    const seconds = numberOf(after);
    if (seconds !== null) return Math.ceil(seconds * 1000);
    // Date.parse takes "-5" for a date too; an HTTP date names its month.
    if (after !== null && /[a-z]{3}/i.test(after)) {
      const date = Date.parse(after);
      if (Number.isFinite(date)) return Math.max(0, date - now);
    }
    const resets = ['requests', 'tokens']
      .filter((window) => numberOf(headers.get(`x-ratelimit-remaining-${window}`)) === 0)
      .map((window) => durationMs(headers.get(`x-ratelimit-reset-${window}`) ?? ''))
      .filter((reset) => reset !== null);
    if (resets.length > 0) return Math.max(...resets);
  }
  const hint = /try again in ((?:\d+(?:\.\d+)?(?:ms|[dhms]))+)/i.exec(message);
  return hint ? durationMs(hint[1] ?? '') : null;
}

function numberOf(value: string | null): number | null {
  if (value === null || value.trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) && number >= 0 ? number : null;
}

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads Go's duration format, such as `1s`, `6m0s`, `250ms`. */
export function durationMs(text: string): number | null {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/gi)];
  if (parts.length === 0) return null;
  return Math.ceil(
    parts.reduce((sum, part) => sum + Number(part[1]) * (UNIT_MS[(part[2] ?? '').toLowerCase()] ?? 0), 0),
  );
}
