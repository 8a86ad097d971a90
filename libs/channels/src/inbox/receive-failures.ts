import { AppError } from '@app/kernel';
import { databaseProblem, DecryptionError } from '@app/platform';
import { ReceiveLater } from './receive-later';

/** After so many tries a row is given up. */
export const MAX_ATTEMPTS = 8;
/** What waits for something is given up after this, too. */
const MAX_AGE_MS = 24 * 3_600_000;
const FIRST_DELAY_MS = 2000;
const MAX_DELAY_MS = 300_000;
/** A conversation that is full, or a budget that is used up. */
const WAITS = new Set([402, 429, 503]);

export type Fate =
  { isDead: true; reason: string } | { isDead: false; reason: string; delayMs: number; isAttempt: boolean };

/** What becomes of a row that could not be done. @param attempts this one included @param ageMs since it came in */
export function fateOf(error: unknown, attempts: number, ageMs: number): Fate {
  const reason = reasonOf(error);
  if (error instanceof ReceiveLater && !error.isAttempt) return waiting(reason, error.delayMs, ageMs);
  // Without a price a budget lets nothing through until somebody sets one.
  if (error instanceof AppError && (WAITS.has(error.status) || error.code === 'BUDGET.PRICE_UNKNOWN')) {
    const seconds = Math.min(error.extra.retryAfterSeconds ?? 5, 60);
    return waiting(reason, seconds * 1000, ageMs);
  }
  const problem = databaseProblem(error);
  if (problem !== undefined) return waiting(reason, FIRST_DELAY_MS, ageMs);
  if (attempts >= MAX_ATTEMPTS) return { isDead: true, reason };
  const delayMs = error instanceof ReceiveLater ? error.delayMs : 0;
  const backoffMs = Math.min(FIRST_DELAY_MS * 2 ** (attempts - 1), MAX_DELAY_MS);
  return { isDead: false, reason, delayMs: Math.max(delayMs, backoffMs), isAttempt: true };
}

function waiting(reason: string, delayMs: number, ageMs: number): Fate {
  return ageMs > MAX_AGE_MS ? { isDead: true, reason } : { isDead: false, reason, delayMs, isAttempt: false };
}

/** A code, at most 60 characters; nothing of what was said. */
export function reasonOf(error: unknown): string {
  if (error instanceof ReceiveLater) return error.reason;
  if (error instanceof AppError) return error.code.slice(0, 60);
  if (error instanceof DecryptionError) return `unreadable:${error.reason}`;
  return error instanceof Error ? `internal:${error.name}`.slice(0, 60) : 'internal';
}

/** Where an unexpected error came from, without its message: that may quote what was said. */
export const placeOf = (error: unknown): string | undefined =>
  error instanceof Error && !(error instanceof ReceiveLater) && !(error instanceof AppError)
    ? error.stack
        ?.split('\n')
        .filter((line) => /^\s+at /.test(line))
        .slice(0, 8)
        .join('\n')
    : undefined;
