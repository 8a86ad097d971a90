const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Pauses after failures, as Standard Webhooks suggests (https://www.standardwebhooks.com, "Deliverability and reliability"): more than a day in all. */
const PAUSES_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
] as const;

/** Up to so much more, so that what failed together does not come together again. */
const JITTER = 0.2;

/**
 * How long to wait after a failed attempt, in milliseconds; null when it was the last one.
 * @param attempts made so far, 1 or more
 * @param random 0 to 1
 */
export function pauseAfter(attempts: number, random: number): number | null {
  const pause = PAUSES_MS[attempts - 1];
  return pause === undefined ? null : Math.round(pause * (1 + JITTER * random));
}
