import fc from 'fast-check';
import { decideRetry, type RetryQuestion } from './retry-policy';

const failure = (change: Partial<RetryQuestion> = {}): RetryQuestion => ({
  kind: 'retryable',
  code: 'UPSTREAM.SERVER_ERROR',
  retryAfterMs: null,
  attempt: 1,
  maxRetries: 3,
  random: () => 0.5,
  ...change,
});

describe('decideRetry', () => {
  it('never retries a permanent failure, whatever the upstream asked for', () => {
    expect(decideRetry(failure({ kind: 'permanent', retryAfterMs: 1_000 }))).toEqual({ retry: false });
  });

  it('gives up when the retries are used up: maxRetries 3 means four attempts', () => {
    expect(decideRetry(failure({ attempt: 3 })).retry).toBe(true);
    expect(decideRetry(failure({ attempt: 4 })).retry).toBe(false);
    expect(decideRetry(failure({ attempt: 1, maxRetries: 0 })).retry).toBe(false);
  });

  it('doubles the backoff from 1 s up to 30 s and draws from all of it', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7].map((attempt) =>
      decideRetry(failure({ attempt, maxRetries: 9, random: () => 0.999999 })),
    );
    expect(delays.map((decision) => (decision.retry ? decision.delayMs : null))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
    expect(decideRetry(failure({ random: () => 0 }))).toEqual({ retry: true, delayMs: 0 });
  });

  it('waits at least as long as the upstream asked, also beyond the cap of the backoff', () => {
    expect(decideRetry(failure({ retryAfterMs: 90_000, random: () => 0 }))).toEqual({ retry: true, delayMs: 90_000 });
    expect(decideRetry(failure({ retryAfterMs: 90_000, random: () => 1 }))).toEqual({ retry: true, delayMs: 91_000 });
    expect(decideRetry(failure({ retryAfterMs: 600_000 })).retry).toBe(true);
  });

  it('gives up when the upstream asks for more than ten minutes', () => {
    expect(decideRetry(failure({ retryAfterMs: 600_001 }))).toEqual({ retry: false });
  });

  it('uses its own backoff when the upstream asks for no wait at all', () => {
    expect(decideRetry(failure({ retryAfterMs: 0, attempt: 2 }))).toEqual({ retry: true, delayMs: 1_000 });
  });

  it('never returns a delay below what was asked, above ten minutes and a second, or that is no number', () => {
    fc.assert(
      fc.property(
        fc.option(fc.integer({ min: 0, max: 700_000 })),
        fc.integer({ min: 1, max: 2_000 }),
        fc.double({ min: 0, max: 0.999999, noNaN: true }),
        (retryAfterMs, attempt, random) => {
          const decision = decideRetry(failure({ retryAfterMs, attempt, maxRetries: 2_000, random: () => random }));
          if (!decision.retry) return (retryAfterMs ?? 0) > 600_000;
          return (
            decision.delayMs >= (retryAfterMs ?? 0) && decision.delayMs <= 601_000 && Number.isInteger(decision.delayMs)
          );
        },
      ),
    );
  });
});
