import { Metrics } from '@app/platform';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { Figures } from '../persistence/measures';
import { type PresentState, PresentStateRepository } from '../persistence/present-state.repository';
import { AllTimeFigures } from '../reports/all-time.service';
import { usd } from '../reports/present';
import { addFigures, noFigures } from '../reports/sum-source';

/** Several scrapers, and several metrics of one scrape, share what was read. */
const KEPT_MS = 3000;
/** More models than anybody uses; a label must not grow without bound. */
const MOST_MODELS = 100;

const STATUSES = ['succeeded', 'failed', 'cancelled', 'lost'] as const;
const TOKENS = ['input', 'cached', 'cache_write', 'output', 'reasoning', 'total'] as const;
const MEASURES = [
  'calls',
  'open_calls',
  'succeeded_calls',
  'failed_calls',
  'cancelled_calls',
  'lost_calls',
  'retries',
  'cached_answers',
  'input_tokens',
  'cached_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'total_tokens',
  'estimated_tokens',
  'cost_usd_micros',
  'unpriced_calls',
  'calls_without_usage',
] as const;

type Sums = Figures<(typeof MEASURES)[number]>;
interface Read {
  models: [model: string, sums: Sums][];
  present: PresentState;
}

/**
 * What the ledger says, for Prometheus: read at the scrape, because counters of a process die with it. Every api process tells the same, about the
 * whole installation.
 */
@Injectable()
export class LedgerMetrics implements OnModuleInit {
  private kept: { at: number; read: Promise<Read | undefined> } | undefined;

  constructor(
    private readonly metrics: Metrics,
    private readonly figures: AllTimeFigures,
    private readonly state: PresentStateRepository,
    private readonly logger: PinoLogger,
  ) {}

  onModuleInit(): void {
    this.total('parley_model_calls_total', 'Calls to models that have ended.', ['model', 'status'], (model, sums) =>
      STATUSES.map((status) => [{ model, status }, sums[`${status}_calls`]]),
    );
    this.total('parley_tokens_total', 'Tokens that the upstream told.', ['model', 'type'], (model, sums) =>
      TOKENS.map((type) => [{ model, type }, sums[`${type}_tokens`]]),
    );
    const perModel = (name: string, help: string, read: (sums: Sums) => number): void =>
      this.total(name, help, ['model'], (model, sums) => [[{ model }, read(sums)]]);
    perModel('parley_cost_usd_total', 'What calls cost whose price is known.', (sums) => usd(sums.cost_usd_micros));
    perModel('parley_unpriced_calls_total', 'Calls with tokens and without a known price.', (s) => s.unpriced_calls);
    perModel('parley_estimated_tokens_total', 'Tokens that we had to estimate.', (sums) => sums.estimated_tokens);
    perModel('parley_calls_without_usage_total', 'Calls of unknown tokens.', (sums) => sums.calls_without_usage);
    perModel('parley_model_call_retries_total', 'Calls that repeat a failed one.', (sums) => sums.retries);
    perModel('parley_cached_answers_total', 'Answers from the cache.', (sums) => sums.cached_answers);
    this.metrics.gauge('parley_model_calls_open', 'Calls under way.', ['model'], async (gauge) => {
      gauge.reset();
      for (const [model, sums] of (await this.read())?.models ?? []) gauge.set({ model }, sums.open_calls);
    });
    this.metrics.gauge('parley_turns_open', 'Turns that wait or run.', ['status'], async (gauge) => {
      const present = (await this.read())?.present;
      gauge.reset();
      if (present === undefined) return;
      gauge.set({ status: 'pending' }, present.pendingTurns);
      gauge.set({ status: 'running' }, present.runningTurns);
    });
    this.now(
      'parley_oldest_waiting_turn_seconds',
      'How long the oldest turn that could run has waited.',
      (present) => present.oldestWaitSeconds,
    );
    this.now(
      'parley_active_conversations',
      'Conversations with a call in the last 15 minutes.',
      (present) => present.activeConversations,
    );
  }

  private total<Label extends string>(
    name: string,
    help: string,
    labels: readonly Label[],
    told: (model: string, sums: Sums) => [Record<Label, string>, number][],
  ): void {
    this.metrics.storedCounter(name, help, labels, async () =>
      (await this.read())?.models.flatMap(([model, sums]) => told(model, sums)),
    );
  }

  private now(name: string, help: string, told: (present: PresentState) => number): void {
    this.metrics.gauge(name, help, [], async (gauge) => {
      const present = (await this.read())?.present;
      gauge.reset();
      if (present !== undefined) gauge.set(told(present));
    });
  }

  private read(): Promise<Read | undefined> {
    const now = performance.now();
    if (this.kept === undefined || now - this.kept.at > KEPT_MS) this.kept = { at: now, read: this.readNow() };
    return this.kept.read;
  }

  /** @returns undefined when the database does not answer: the numbers of this process are shown all the same */
  private async readNow(): Promise<Read | undefined> {
    try {
      const found = await this.figures.byGroup({}, 'model', MEASURES);
      return { models: bounded(found), present: await this.state.read() };
    } catch (error) {
      this.logger.warn({ err: error }, 'the metrics are without those of the ledger');
      return undefined;
    }
  }
}

function bounded(found: ReadonlyMap<string | null, Sums>): [string, Sums][] {
  const ranked = [...found].map(([model, sums]): [string, Sums] => [(model ?? '').slice(0, 100), sums]);
  ranked.sort(([, a], [, b]) => b.calls - a.calls);
  const rest = ranked.slice(MOST_MODELS);
  const told = ranked.slice(0, MOST_MODELS);
  if (rest.length === 0) return told;
  const other = rest.reduce((sum, [, sums]) => addFigures(MEASURES, sum, sums, 1), noFigures(MEASURES));
  return [...told, ['other', other]];
}
