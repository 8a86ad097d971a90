import { ChannelSendError } from '../../core/channel-adapter';

/** After the first failure, in milliseconds; then twice as long each time. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;
/** A refused token stays refused until somebody does something. */
const REFUSED_PAUSE_MS = 60_000;
/** Longest that is waited because the server asks for it. */
const LONGEST_ASKED_MS = 300_000;
/** A connection that lasted so long was none that failed. */
const LASTED_MS = 60_000;

/** How long to wait until it is tried again, and how many attempts have failed in a row. @param random 0–1, so that not all come back at once */
export function pauseBeforeNext(
  problem: unknown,
  failuresBefore: number,
  lastedMs: number,
  random: number,
): { ms: number; failures: number } {
  const failures = lastedMs >= LASTED_MS ? 0 : failuresBefore + 1;
  const spread = 0.5 + random / 2;
  if (problem instanceof ChannelSendError) {
    if (problem.failure === 'refused-credentials') return { ms: REFUSED_PAUSE_MS * spread, failures };
    const askedMs = problem.failure === 'rate-limited' ? (problem.retryAfterMs ?? 0) : 0;
    if (askedMs > 0) return { ms: Math.min(askedMs, LONGEST_ASKED_MS) * (1 + random / 2), failures };
  }
  return { ms: Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10)) * spread, failures };
}
