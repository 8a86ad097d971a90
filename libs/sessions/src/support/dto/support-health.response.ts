import type { SupportHealth } from '../support-health.service';

/** From a message to its answer, in the last five minutes (at most 1,000 messages). */
export class SupportLatencyResponse {
  /** The middle one, in milliseconds; null when nothing was answered.
   * @example 1200 */
  p50: number | null;

  /** 95 of 100 were faster, in milliseconds; null when nothing was answered.
   * @example 3400 */
  p95: number | null;

  /** How many answers that is.
   * @example 42 */
  answers: number;
}

export class SupportMetricsResponse {
  /** Sessions that are not over.
   * @example 3 */
  activeSessions: number;

  /** Messages that wait for their answer, or are being answered.
   * @example 0 */
  queueDepth: number;

  latencyMs: SupportLatencyResponse;
}

export class SupportServicesResponse {
  /** @example up */
  database: 'up' | 'down';

  /** @example up */
  queue: 'up' | 'down';
}

/** How this installation is. */
export class SupportHealthResponse {
  /** `healthy`; `degraded` (still 200): messages are answered, but later; `unhealthy` (503): the database is down.
   * @example healthy */
  status: 'healthy' | 'degraded' | 'unhealthy';

  /** @example 2026-11-21T12:00:00.000Z */
  timestamp: string;

  /** Seconds since this process started.
   * @example 3600 */
  uptime: number;

  services: SupportServicesResponse;

  /** Of the whole installation, at most some seconds old; null without the database. */
  metrics: SupportMetricsResponse | null;

  static from({ status, database, queue, metrics }: SupportHealth): SupportHealthResponse {
    return {
      status,
      timestamp: new Date().toISOString(),
      uptime: Math.round(process.uptime()),
      services: { database, queue },
      metrics: metrics && {
        activeSessions: metrics.activeSessions,
        queueDepth: metrics.openTurns,
        latencyMs: { p50: metrics.p50Ms, p95: metrics.p95Ms, answers: metrics.answers },
      },
    };
  }
}
