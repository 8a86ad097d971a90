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
  /** `healthy` when everything works; `degraded` (still 200) without the queue: messages are accepted and answered, but seconds later;
   * `unhealthy` (503) without the database.
   * @example healthy */
  status: 'healthy' | 'degraded' | 'unhealthy';

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
