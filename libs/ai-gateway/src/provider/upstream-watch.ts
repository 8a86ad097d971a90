import { performance } from 'node:perf_hooks';

/** Why the watch ended a request. */
export type WatchReason = 'cancelled' | 'stalled' | 'timeout';

export interface WatchOptions {
  contentIdleTimeoutMs: number;
  totalTimeoutMs: number;
  /** The caller's own signal. */
  signal: AbortSignal;
}

/**
 * Watches over one attempt and aborts `signal` when the caller does, when content stays away for too long, or when the
 * whole takes too long. The client's own `timeout` ends at the response headers, so it cannot do this.
 */
export class UpstreamWatch {
  private readonly controller = new AbortController();
  private readonly startedAt = performance.now();
  private lastContentAt = this.startedAt;
  private isSilenceAllowed = false;
  private idleTimer: NodeJS.Timeout | undefined;
  private readonly totalTimer: NodeJS.Timeout;
  private readonly onCallerAbort = (): void => this.end('cancelled');
  /** Set once, by whatever ended the attempt first. */
  reason: WatchReason | null = null;

  constructor(private readonly options: WatchOptions) {
    this.totalTimer = setTimeout(() => this.end('timeout'), options.totalTimeoutMs);
    this.armIdleTimer(options.contentIdleTimeoutMs);
    options.signal.addEventListener('abort', this.onCallerAbort, { once: true });
    if (options.signal.aborted) this.end('cancelled');
  }

  /** Aborted when the attempt must stop; give it to the request. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Content (or reasoning) arrived, or a new request was sent. */
  progress(): void {
    this.lastContentAt = performance.now();
  }

  /** While a hosted tool is at work the upstream may say nothing for long: then only the limit for the whole attempt counts. */
  allowSilence(isAllowed: boolean): void {
    if (this.isSilenceAllowed && !isAllowed) this.progress();
    this.isSilenceAllowed = isAllowed;
  }

  /** Ends the watch; it aborts nothing any more. */
  dispose(): void {
    clearTimeout(this.totalTimer);
    clearTimeout(this.idleTimer);
    this.options.signal.removeEventListener('abort', this.onCallerAbort);
  }

  private end(reason: WatchReason): void {
    if (this.reason) return;
    this.reason = reason;
    this.dispose();
    this.controller.abort();
  }

  // One timer that looks how long the silence really was: re-arming it for every delta would cost more than the delta.
  private armIdleTimer(delayMs: number): void {
    this.idleTimer = setTimeout(() => {
      if (this.isSilenceAllowed) this.progress();
      const leftMs = this.options.contentIdleTimeoutMs - (performance.now() - this.lastContentAt);
      if (leftMs <= 1) this.end('stalled');
      else this.armIdleTimer(leftMs);
    }, delayMs);
  }
}
