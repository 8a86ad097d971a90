import { AppError } from '@app/kernel';
import { AppConfig, SlidingCounters } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { tooManyFailures } from '../socket-errors';

/** What somebody gets who guesses; expired tokens and ended sessions are honest mistakes of many at once. */
const GUESSES = new Set(['AUTH.TOKEN_INVALID', 'SESSION.NOT_FOUND']);
/** Networks from which tokens and session ids are guessed, in handshakes or by joining, are left alone for a while, without asking the database. */
@Injectable()
export class FailedProofs {
  private readonly failures = new SlidingCounters();
  /** Failures that one network may have. */
  private readonly perMinute: number;

  constructor({ limits }: AppConfig) {
    this.perMinute = limits.authPerIp;
  }

  /** @throws 429 RATE_LIMITED, or what `prove` does */
  async guard<T>(network: string, prove: () => Promise<T>): Promise<T> {
    if (this.failures.isFull(network, this.perMinute)) {
      throw tooManyFailures(this.perMinute, this.failures.take(network, this.perMinute).resetSeconds);
    }
    try {
      return await prove();
    } catch (error) {
      if (error instanceof AppError && GUESSES.has(error.code)) this.failures.take(network, this.perMinute);
      throw error;
    }
  }
}
