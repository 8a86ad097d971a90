import { ProviderError, type RateLimits } from '../provider';
import type { Breaker, Probe } from './breaker';
import type { Limiter, LimitPass } from './limiter';
import type { UpstreamMetrics } from './upstream-metrics';

/** An answer that has come for this long without breaking shows that the upstream is back; its end may be a minute away. */
const PROVEN_AFTER_MS = 2000;

/** What a provider tells of a call while it runs. */
export interface CallWatch {
  onRateLimits(limits: RateLimits): void;
  onDelta(): void;
}

/** The right to make one call. Whatever becomes of the call is told to limiter and breaker, and its slot is free again. */
export class CallPass {
  private probe: Probe | null = null;
  private isProven = false;
  private firstDeltaAt: number | null = null;
  private isReleased = false;

  constructor(
    readonly model: string,
    private readonly limit: LimitPass,
    private readonly limiter: Limiter,
    private readonly breaker: Breaker,
    private readonly metrics: UpstreamMetrics,
    private readonly freeSlot: () => void,
  ) {}

  withProbe(probe: Probe | null): this {
    this.probe = probe;
    return this;
  }

  /** Makes the call. Its outcome, or its error, is passed on unchanged. */
  async run<T>(call: (watch: CallWatch) => Promise<T>): Promise<T> {
    try {
      const result = await call({
        onRateLimits: (limits) => this.limiter.learn(this.limit, limits),
        onDelta: () => this.prove(),
      });
      await this.answered();
      return result;
    } catch (error) {
      if (error instanceof ProviderError) await this.failed(error);
      throw error;
    } finally {
      this.release();
    }
  }

  /** When no call is made after all, and at the end of one. Safe to call again. */
  release(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    this.limiter.end(this.limit);
    this.freeSlot();
    // Only a probe that has no outcome is left here.
    if (this.probe !== null) void this.report('UPSTREAM.CANCELLED');
  }

  private async answered(): Promise<void> {
    this.limiter.answered(this.limit);
    await this.report(null);
  }

  private async failed(error: ProviderError): Promise<void> {
    if (error.code === 'UPSTREAM.RATE_LIMITED') {
      this.metrics.rateLimited(this.model);
      await this.limiter.refused(this.limit, error.retryAfterMs);
    }
    await this.report(error.code);
  }

  private prove(): void {
    if (this.probe === null) return;
    const now = performance.now();
    this.firstDeltaAt ??= now;
    if (now - this.firstDeltaAt >= PROVEN_AFTER_MS && !this.isProven) {
      this.isProven = true;
      void this.report(null);
    }
  }

  private async report(code: string | null): Promise<void> {
    const { probe } = this;
    this.probe = null;
    await this.breaker.report(this.model, code, probe);
  }
}
