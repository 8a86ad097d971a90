/** One thing that this process needs. */
export class ComponentHealthResponse {
  /** @example up */
  status: 'up' | 'down';

  /** Duration of the check in milliseconds.
   * @example 1 */
  latency_ms: number;
}

/** Answer of the probes for load balancers. */
export class ProbeResponse {
  /** @example ok */
  status: 'ok' | 'unavailable';
}

/** Overview of this process. */
export class HealthResponse {
  /** `healthy` when everything that is needed works.
   * @example healthy */
  status: 'healthy' | 'unhealthy';

  /** @example 0.1.0 */
  version: string;

  /** Seconds since this process started.
   * @example 3600 */
  uptime_seconds: number;

  /** The database, by name of what is needed. */
  database: ComponentHealthResponse;

  /** The queue that wakes workers. */
  queue: ComponentHealthResponse;
}
