import { readRateLimits } from './rate-limits';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const resetOf = (reset: string): number | undefined =>
  readRateLimits(new Headers({ 'x-ratelimit-remaining-requests': '5', 'x-ratelimit-reset-requests': reset }), NOW)
    ?.requests?.resetMs;

describe('readRateLimits', () => {
  it('reads what OpenAI sends', () => {
    const headers = new Headers({
      'x-ratelimit-limit-requests': '500',
      'x-ratelimit-remaining-requests': '499',
      'x-ratelimit-reset-requests': '120ms',
      'x-ratelimit-limit-tokens': '200000',
      'x-ratelimit-remaining-tokens': '198000',
      'x-ratelimit-reset-tokens': '6m0s',
    });
    expect(readRateLimits(headers, NOW)).toEqual({
      requests: { limit: 500, remaining: 499, resetMs: 120 },
      tokens: { limit: 200_000, remaining: 198_000, resetMs: 360_000 },
    });
  });

  it.each([
    ['1s', 1000],
    ['6m0s', 360_000],
    ['20ms', 20],
    ['1h2m3.5s', 3_723_500],
    ['7', 7000],
    ['0.25', 250],
    ['1795262405', 5000],
    ['1795262405000', 5000],
    ['2026-11-21T12:00:09Z', 9000],
    ['Sat, 21 Nov 2026 12:01:00 GMT', 60_000],
    ['2026-11-21T11:00:00Z', 1],
    ['0s', 1],
    ['900d', 86_400_000],
    ['soon', 60_000],
    ['', 60_000],
  ])('takes a reset of "%s" for %d ms', (text, expected) => {
    expect(resetOf(text)).toBe(expected);
  });

  it('knows nothing without headers, or with nonsense in them', () => {
    expect(readRateLimits(new Headers())).toBeNull();
    expect(readRateLimits(new Headers({ 'x-ratelimit-remaining-requests': 'many' }))).toBeNull();
    expect(readRateLimits(new Headers({ 'x-ratelimit-remaining-requests': '-1' }))).toBeNull();
  });

  it('takes a limit of 0 for no limit, and the first of several numbers', () => {
    const headers = new Headers({ 'x-ratelimit-remaining-tokens': '7, 7;w=60', 'x-ratelimit-limit-tokens': '0' });
    expect(readRateLimits(headers)?.tokens).toEqual({ limit: null, remaining: 7, resetMs: 60_000 });
  });
});
