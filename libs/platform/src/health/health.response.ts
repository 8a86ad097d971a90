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

/** The model API. */
export class UpstreamHealthResponse {
  /** `closed`: calls go out. `open`: it failed too often, messages wait for it. `half_open`: one call tries whether it is back.
   * @example closed */
  breaker: 'closed' | 'open' | 'half_open';

  /** Models that are held back until their rate limit allows calls again.
   * @example 0 */
  held_models: number;
}

/** The models that personas and settings name. */
export class ModelsHealthResponse {
  /** `warning`: one of them was shut down, will be within `MODEL_WARNING_DAYS`, or is not known to the model API; GET /personas/model-warnings
   * says whose. It changes nothing about the `status` of the process.
   * @example ok */
  status: 'ok' | 'warning';

  /** Models that were shut down.
   * @example 0 */
  shut_down: number;

  /** Models that will be, soon.
   * @example 0 */
  ending_soon: number;

  /** Models that the model API does not list.
   * @example 0 */
  unknown: number;

  /** When the list of the model API was read last; null when it never was.
   * @example 2026-11-21T03:00:00.000Z */
  read_at: string | null;
}

/** Channels to other systems, such as WhatsApp. */
export class ChannelsHealthResponse {
  /** `warning`: one of them cannot send, because the other system does not take its credentials (`problem_code` of GET /channels says which), or nobody listens
   * to it. It changes nothing about the `status` of the process.
   * @example ok */
  status: 'ok' | 'warning';

  /** Channels that are switched on and whose credentials are not taken.
   * @example 0 */
  refused: number;

  /** Channels that are switched on, whose server has to be listened to, and that no worker has heard for two minutes: the server cannot be reached, or no worker runs.
   * @example 0 */
  unheard: number;
}

/** A key that is not the current one any more. */
export class OldKeyResponse {
  /** Its name in `ENCRYPTION_KEYS`.
   * @example k1 */
  key: string;

  /** Rows that are encrypted with it, counted up to a million; at 0 it can be removed, once every process encrypts with another one.
   * @example 0 */
  values_left: number;
}

/** The keys that values in the database are encrypted with. */
export class EncryptionHealthResponse {
  /** `rotating`: some values have an old key and get the current one. `key_missing`: some cannot be read, because `ENCRYPTION_KEYS` lacks their
   * key; then the status of the process is `degraded`.
   * @example ok */
  status: 'ok' | 'rotating' | 'key_missing';

  /** The key of new values.
   * @example k1 */
  current_key: string;

  /** The other keys of `ENCRYPTION_KEYS`.
   * @example [] */
  old_keys: OldKeyResponse[];

  /** Names of keys that values have and `ENCRYPTION_KEYS` lacks.
   * @example [] */
  missing_keys: string[];
}

/** Overview of this process. */
export class HealthResponse {
  /** `healthy` when everything works; `degraded` (still 200) without the queue or while the model API is down
   * (messages are accepted and answered, but later), and while a key of encrypted values is missing;
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

  /** The model API, as all workers together see it; null while that is not known. */
  upstream: UpstreamHealthResponse | null;

  /** The models in use; null while nothing is known of them. */
  models: ModelsHealthResponse | null;

  /** The channels of all workspaces; null while nothing is known of them. */
  channels: ChannelsHealthResponse | null;

  /** What is encrypted with which key; null while that is not known. */
  encryption: EncryptionHealthResponse | null;
}
