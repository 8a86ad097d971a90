const FIRST_PAUSE_MS = 2000;
const LONGEST_PAUSE_MS = 300_000;
/** Up to so much more, so that what failed together does not come together again. */
const JITTER = 0.2;

/** Then it is given up: after a little more than a day, so that trouble of hours costs no reply. Where the window for free text closes before, it ends there. */
export const MAX_ATTEMPTS = 300;

/** Of attempts that an error of our own has ended; whatever else has failed before does not count. Without that, after about 13 minutes. */
export const MAX_OWN_ERRORS = 10;

/**
 * How long to wait after a failed attempt, in milliseconds.
 * @param attempts made so far, 1 or more
 * @param retryAfterMs what the other system asks for; null: nothing
 * @param random 0 to 1
 */
export function pauseAfter(attempts: number, retryAfterMs: number | null, random: number): number {
  const own = Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
  return Math.round(Math.max(own, retryAfterMs ?? 0) * (1 + JITTER * random));
}
