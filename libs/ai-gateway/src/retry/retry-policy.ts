/** The first delay of the exponential backoff, before jitter. */
export const BACKOFF_BASE_MS = 1_000;
/** No backoff of our own is longer than this. */
export const BACKOFF_CAP_MS = 30_000;
/** An upstream that asks for more than this is not coming back for this reply: nobody waits that long for an answer. */
export const LONGEST_RETRY_AFTER_MS = 10 * 60_000;

/** A failed attempt and the budget it has. */
export interface RetryQuestion {
  kind: 'retryable' | 'permanent';
  code: string;
  /** What the upstream asked for; null when it asked for nothing. */
  retryAfterMs: number | null;
  /** The number of the attempt that failed, from 1. */
  attempt: number;
  /** Attempts allowed after the first; 0 means never retry. */
  maxRetries: number;
  /** A number from 0 (included) to 1 (excluded), such as `Math.random`. */
  random: () => number;
  /** The longest wait that the upstream may ask for, in milliseconds; default ten minutes. */
  longestWaitMs?: number;
}

export type RetryDecision = { retry: true; delayMs: number } | { retry: false };

/**
 * Decides whether a failed attempt is made again, and after how long. Pure.
 *
 * Backoff is exponential with full jitter (a random delay up to 1 s, 2 s, 4 s … 30 s), so that turns that failed together do
 * not come back together. What the upstream asked for wins over it, plus up to 10 % (at most 1 s) for the same reason.
 */
export function decideRetry(question: RetryQuestion): RetryDecision {
  const { kind, retryAfterMs, attempt, maxRetries, random } = question;
  if (kind === 'permanent' || attempt > maxRetries) return { retry: false };
  // "0" only says that there is no reason to wait; then our own backoff still protects the upstream.
  if (retryAfterMs !== null && retryAfterMs > 0) {
    if (retryAfterMs > Math.min(LONGEST_RETRY_AFTER_MS, question.longestWaitMs ?? LONGEST_RETRY_AFTER_MS)) {
      return { retry: false };
    }
    return { retry: true, delayMs: Math.round(retryAfterMs + random() * Math.min(1_000, retryAfterMs * 0.1)) };
  }
  const ceilingMs = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** Math.min(attempt - 1, 30));
  return { retry: true, delayMs: Math.round(random() * ceilingMs) };
}
