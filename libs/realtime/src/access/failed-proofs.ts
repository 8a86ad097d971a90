import { AppError } from '@app/kernel';
import { SlidingCounters } from '@app/platform';
import { tooManyFailures } from '../socket-errors';

/** What somebody gets who guesses; expired tokens and ended sessions are honest mistakes of many at once. */
const GUESSES = new Set(['AUTH.TOKEN_INVALID', 'SESSION.NOT_FOUND']);
/** About 1 MB; more networks at once are no person. */
const MAX_BLOCKED = 10_000;

/** Networks from which tokens and session ids are guessed are left alone for a while, without asking the database. */
export class FailedProofs {
  private readonly failures = new SlidingCounters();
  private readonly blockedUntilMs = new Map<string, number>();

  /** @param perMinute failures that one network may have */
  constructor(private readonly perMinute: number) {}

  /** @throws 429 RATE_LIMITED, or what `prove` does */
  async guard<T>(network: string, prove: () => Promise<T>): Promise<T> {
    const waitMs = (this.blockedUntilMs.get(network) ?? 0) - performance.now();
    if (waitMs > 0) throw tooManyFailures(this.perMinute, Math.ceil(waitMs / 1000));
    try {
      return await prove();
    } catch (error) {
      if (error instanceof AppError && GUESSES.has(error.code)) this.count(network);
      throw error;
    }
  }

  private count(network: string): void {
    const { isRefused, resetSeconds } = this.failures.take(network, this.perMinute);
    if (!isRefused) return;
    if (this.blockedUntilMs.size >= MAX_BLOCKED) this.blockedUntilMs.clear();
    this.blockedUntilMs.set(network, performance.now() + resetSeconds * 1000);
  }
}
