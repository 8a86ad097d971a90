import type { PinoLogger } from 'nestjs-pino';

const EVERY_MS = 10_000;

/** Logs the same trouble at most every ten seconds, with how often it came: an outage must not bury the rest of the log. */
export class SeldomLog {
  private lastAt = -Infinity;
  private held = 0;

  constructor(
    private readonly logger: PinoLogger,
    private readonly message: string,
  ) {}

  /** @param count how many things went wrong this time */
  warn(error: unknown, count = 1): void {
    this.held += count;
    if (performance.now() - this.lastAt < EVERY_MS) return;
    this.lastAt = performance.now();
    this.logger.warn({ err: error, count: this.held }, this.message);
    this.held = 0;
  }
}
