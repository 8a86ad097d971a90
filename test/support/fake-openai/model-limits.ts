import type { ErrorScenario } from './scenario';

export interface ModelLimit {
  requests: number;
  windowMs: number;
  /** Some servers refuse without saying for how long. */
  withoutRetryAfter?: boolean;
}

/** What a request meets: the headers of its answer, and the refusal when it is one too many. */
export interface RateAnswer {
  headers: Record<string, string>;
  refusal: ErrorScenario | null;
}

const PLENTY: RateAnswer = {
  headers: {
    'x-ratelimit-limit-requests': '10000',
    'x-ratelimit-remaining-requests': '9999',
    'x-ratelimit-reset-requests': '6ms',
    'x-ratelimit-limit-tokens': '2000000',
    'x-ratelimit-remaining-tokens': '1999000',
    'x-ratelimit-reset-tokens': '30ms',
  },
  refusal: null,
};

/** Limits per model in fixed windows, each beginning with its first request; kept strictly, whoever asks. */
export class ModelLimits {
  private readonly limits = new Map<string, ModelLimit & { used: number; endsAt: number }>();

  set(model: string, limit: ModelLimit): void {
    this.limits.set(model, { ...limit, used: 0, endsAt: 0 });
  }

  clear(): void {
    this.limits.clear();
  }

  /** Counts one request. */
  take(model: string, now: number): RateAnswer {
    const limit = this.limits.get(model);
    if (limit === undefined) return PLENTY;
    if (now >= limit.endsAt) Object.assign(limit, { used: 0, endsAt: now + limit.windowMs });
    limit.used += 1;
    const headers = {
      'x-ratelimit-limit-requests': String(limit.requests),
      'x-ratelimit-remaining-requests': String(Math.max(0, limit.requests - limit.used)),
      'x-ratelimit-reset-requests': `${limit.endsAt - now}ms`,
    };
    if (limit.used <= limit.requests) return { headers, refusal: null };
    return {
      headers,
      refusal: {
        type: 'error',
        status: 429,
        message: 'Rate limit reached for requests.',
        headers: limit.withoutRetryAfter ? undefined : { ...headers, 'retry-after-ms': String(limit.endsAt - now) },
      },
    };
  }
}
