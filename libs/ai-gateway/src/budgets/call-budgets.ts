import { randomUUID } from 'node:crypto';
import type { AppError } from '@app/kernel';
import { AppConfig, Database } from '@app/platform';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { estimateUsage, messageTokens } from '../message-usage';
import { PriceBook } from '../prices';
import { type CompletionProvider, type CompletionRequest, type CompletionUsage, UNKNOWN_USAGE } from '../provider';
import { COMPLETION_PROVIDER } from '../provider-info';
import type { CallEstimate, CallScope } from './budget';
import { BudgetIndex } from './budget-index';
import { budgetExceeded, priceUnknown } from './budgets.errors';
import { type Holder, type Reserved, ReservationsRepository } from './persistence/reservations.repository';

/** How often refusals are written down. */
const REFUSALS_MS = 1000;
/** A call is over by then; its reservation would run out if its process died. */
const TTL_SLACK_MS = 60_000;

/** Gives back what was held for a call. What it has used is counted when its ledger row closes. */
export type Release = () => Promise<void>;

/** Takes room in budgets for calls before they are made. */
@Injectable()
export class CallBudgets implements OnModuleInit, OnModuleDestroy {
  private readonly refused = new Map<string, Reserved>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly index: BudgetIndex,
    private readonly reservations: ReservationsRepository,
    private readonly prices: PriceBook,
    private readonly database: Database,
    private readonly config: AppConfig,
    @Inject(COMPLETION_PROVIDER) private readonly provider: CompletionProvider,
    private readonly logger: PinoLogger,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.writeRefusals(), REFUSALS_MS);
    this.timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.writeRefusals();
  }

  /**
   * Inside a transaction: takes room for one more call from every budget that it counts for, and waits for those who do the same.
   * @throws AppError 429 BUDGET.EXCEEDED, 409 BUDGET.PRICE_UNKNOWN; then the transaction must be rolled back
   */
  async reserve(scope: CallScope, estimate: CallEstimate, holder: Holder): Promise<void> {
    const reserved = await this.reservations.reserve(scope, estimate, holder);
    const hard = reserved.filter(({ isHard }) => isHard);
    if (estimate.costUsdMicros === null && hard.some(({ unit }) => unit === 'usd')) throw priceUnknown(estimate.model);
    const full = hard.filter((budget) => budget.spent + budget.reserved > budget.limitAmount);
    if (full.length === 0) return;
    for (const budget of full) {
      this.refused.set(`${budget.budgetId}/${budget.subjectId}/${budget.periodStart.getTime()}`, budget);
    }
    // The one that lasts longest is what the sender must wait for.
    throw budgetExceeded(full.reduce((a, b) => (b.periodEnd > a.periodEnd ? b : a)));
  }

  /** For a turn whose exact request is known now: what it holds becomes what the call may take. Undefined when it may be made. */
  async renewForTurn(
    turn: CallScope & { turnId: number; lastTotalTokens: number | null },
    request: CompletionRequest,
  ): Promise<AppError | undefined> {
    const estimate = await this.estimate(request, turn.lastTotalTokens);
    return this.refusalOf(() =>
      this.database.transaction(async () => {
        // One that was ended from outside holds nothing any more, and must not again.
        if (!(await this.reservations.releaseOpenTurn(turn.turnId))) return;
        await this.reserve(turn, estimate, { turnId: turn.turnId });
      }),
    );
  }

  /** For a call that belongs to no turn, or comes after it. @throws AppError as `reserve` does */
  async hold(scope: CallScope, request: CompletionRequest): Promise<Release> {
    if (!this.index.isLimited(scope.workspaceId)) return () => Promise.resolve();
    const holder = randomUUID();
    const ttlMs = this.config.openai.totalTimeoutMs + this.config.openai.protection.maxHoldMs + TTL_SLACK_MS;
    const estimate = await this.estimate(request);
    await this.database.transaction(() => this.reserve(scope, estimate, { holder, ttlMs }));
    return () =>
      this.reservations.release(holder).catch((error: unknown) => {
        this.logger.warn({ err: error }, 'a reservation could not be given back; it runs out by itself');
      });
  }

  /**
   * The most that this very request may use, by tokenizer and longest answer.
   * @param copyTokens of the last call, when a copy at the upstream holds more than the request does
   */
  async estimate(request: CompletionRequest, copyTokens: number | null = null): Promise<CallEstimate> {
    const inputTokens = Math.max(
      estimateUsage(request, '').inputTokens ?? 0,
      copyTokens === null ? 0 : copyTokens + messageTokens(request.input.at(-1)!),
    );
    const outputTokens = request.maxOutputTokens ?? this.config.openai.maxTokens;
    return this.rate([request.model], inputTokens, outputTokens, request.serviceTier ?? null);
  }

  /** With the dearest of the models. @param serviceTier the one that is asked for */
  async rate(
    models: readonly string[],
    inputTokens: number,
    outputTokens: number,
    serviceTier: string | null = null,
  ): Promise<CallEstimate> {
    const call = { provider: this.provider.info.provider, model: null, serviceTier, startedAt: new Date() };
    let dearest: CallEstimate = { tokens: inputTokens + outputTokens, costUsdMicros: 0, model: models[0]! };
    for (const modelRequested of models) {
      const ratings = await Promise.all(
        dearestUsages(inputTokens, outputTokens).map((usage) => this.prices.rate({ ...call, modelRequested, usage })),
      );
      const costs = ratings.map(({ costUsdMicros }) => costUsdMicros);
      if (!costs.every((cost) => cost !== null)) return { ...dearest, costUsdMicros: null, model: modelRequested };
      const costUsdMicros = Math.max(...costs);
      if (costUsdMicros > dearest.costUsdMicros!) dearest = { ...dearest, costUsdMicros, model: modelRequested };
    }
    return dearest;
  }

  private async refusalOf(work: () => Promise<void>): Promise<AppError | undefined> {
    try {
      await work();
      return undefined;
    } catch (error) {
      if (isBudgetRefusal(error)) return error;
      throw error;
    }
  }

  /** Later and together: a refused message has rolled back its own transaction. */
  private async writeRefusals(): Promise<void> {
    if (this.refused.size === 0) return;
    const refused = [...this.refused.values()];
    this.refused.clear();
    await this.reservations.markRefused(refused).catch((error: unknown) => {
      this.logger.debug({ err: error }, 'refusals were not written down; the next one is');
    });
  }
}

export const isBudgetRefusal = (error: unknown): error is AppError =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('BUDGET.');

/** As if all of the input were written into the upstream's cache, or all of the output were reasoning: one of these is the dearest. */
function dearestUsages(inputTokens: number, outputTokens: number): CompletionUsage[] {
  return [0, inputTokens].flatMap((cacheWriteTokens) =>
    [0, outputTokens].map((reasoningTokens) => ({
      ...UNKNOWN_USAGE,
      inputTokens,
      cacheWriteTokens,
      outputTokens,
      reasoningTokens,
    })),
  );
}
