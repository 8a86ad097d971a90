import { Metrics } from '@app/platform';
import { Injectable } from '@nestjs/common';

const POSITIONS = ['closed', 'open', 'half_open'] as const;

interface Sources {
  breaker(): (typeof POSITIONS)[number];
  heldModels(): string[];
  remainingRequests(): [model: string, remaining: number][];
  inFlight(): number;
  waiting(): number;
  keysAside(): number;
}

/** What operators watch of the model API. */
@Injectable()
export class UpstreamMetrics {
  private readonly refusals;
  private readonly holds;
  private readonly retries;
  private readonly fallbacks;

  constructor(private readonly metrics: Metrics) {
    this.refusals = metrics.counter(
      'parley_upstream_rate_limited_total',
      'Calls that the model API refused with 429.',
      ['model'],
    );
    this.holds = metrics.counter('parley_turns_held_total', 'Times that a turn was put back without a call.', [
      'reason',
    ]);
    this.retries = metrics.counter('parley_turn_retries_total', 'Failed attempts that are made again.', ['code']);
    this.fallbacks = metrics.counter('parley_fallback_model_used_total', 'Replies of a fallback model.', ['model']);
  }

  /** Once per process: where the numbers of this moment come from. */
  watch(sources: Sources): void {
    this.metrics.gauge(
      'parley_upstream_breaker',
      '1 for the state that the circuit breaker is in.',
      ['state'],
      (gauge) => {
        const position = sources.breaker();
        for (const state of POSITIONS) gauge.set({ state }, state === position ? 1 : 0);
      },
    );
    this.metrics.gauge('parley_upstream_held_model', '1 for each model that is held back.', ['model'], (gauge) => {
      gauge.reset();
      for (const model of sources.heldModels()) gauge.set({ model }, 1);
    });
    this.metrics.gauge(
      'parley_upstream_remaining_requests',
      'Requests that the rate limit of each model still allows, as this process was told last.',
      ['model'],
      (gauge) => {
        gauge.reset();
        for (const [model, remaining] of sources.remainingRequests()) gauge.set({ model: labelOf(model) }, remaining);
      },
    );
    const now = (name: string, help: string, read: () => number): void =>
      this.metrics.gauge(name, help, [], (gauge) => gauge.set(read()));
    now('parley_upstream_calls_in_flight', 'Calls under way.', () => sources.inFlight());
    now('parley_upstream_calls_waiting', 'Calls that wait for a slot of OPENAI_MAX_CONCURRENCY.', () =>
      sources.waiting(),
    );
    now('parley_upstream_keys_put_aside', 'API keys that were refused or are out of quota.', () => sources.keysAside());
  }

  rateLimited(model: string): void {
    this.refusals.inc({ model: labelOf(model) });
  }

  held(reason: 'rate_limit' | 'breaker'): void {
    this.holds.inc({ reason });
  }

  retried(code: string): void {
    this.retries.inc({ code });
  }

  fallbackUsed(model: string): void {
    this.fallbacks.inc({ model: labelOf(model) });
  }
}

const labelOf = (model: string): string => model.slice(0, 100);
