import { AppConfig, EventsBus, SeldomLog } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { type SharedLimit, UpstreamLimitsRepository } from '../persistence/upstream-limits.repository';
import type { RateLimits } from '../provider';
import { ModelBudget } from './model-budget';
import { upstreamName } from './upstream-name';

/** An upstream that asks for more is asked again sooner: nobody knows whether it meant it. */
const LONGEST_HOLD_MS = 10 * 60_000;
/** After a refusal by the shared row, this process does not ask it again for that model before this has passed. */
const LONGEST_DENIAL_MS = 15_000;
/** Personas name models freely, so the number of names is not in our hands. */
const MAX_MODELS = 1000;
/** As wide as the column. */
const MAX_MODEL_LENGTH = 200;

/** What one call may take of a model's limits. */
export interface LimitPass {
  model: string;
  /** False: there was enough of everything, so nobody was asked. */
  isReserved: boolean;
  isAnswered: boolean;
}

export type LimitAnswer = { pass: LimitPass } | { waitMs: number };

/**
 * Keeps all workers together within what the upstream allows a model. While there is plenty, that is a look at numbers in memory; when it gets
 * scarce, each call takes its part out of a row in the database.
 */
@Injectable()
export class Limiter {
  private readonly upstream: string;
  private readonly budgets = new Map<string, ModelBudget>();
  private readonly joining = new Map<string, Promise<void>>();
  private readonly trouble: SeldomLog;

  constructor(
    config: AppConfig,
    private readonly limits: UpstreamLimitsRepository,
    private readonly events: EventsBus,
    logger: PinoLogger,
  ) {
    this.upstream = upstreamName(config.openai);
    this.trouble = new SeldomLog(logger, 'what is left of a rate limit could not be shared with the other workers');
  }

  /** How long the model is held back as far as this process knows, in milliseconds. */
  waitMs(model: string): number {
    return this.budgets.get(nameOf(model))?.waitMs(performance.now()) ?? 0;
  }

  get heldModels(): string[] {
    const now = performance.now();
    return [...this.budgets].filter(([, budget]) => budget.isHeld(now)).map(([model]) => model);
  }

  /** Requests that are left of each limited model, as far as this process knows. */
  get remainingRequests(): [model: string, remaining: number][] {
    const now = performance.now();
    return [...this.budgets].flatMap(([model, budget]) => {
      const { requests } = budget.current(now);
      return requests === null ? [] : [[model, requests.remaining] as [string, number]];
    });
  }

  /**
   * Takes one call out of the model's limits; give it back with `end`.
   * @param cost tokens that it will count for, roughly
   */
  async take(modelName: string, cost: number): Promise<LimitAnswer> {
    const model = nameOf(modelName);
    const budget = this.budgetOf(model);
    const now = performance.now();
    const waitMs = budget.waitMs(now);
    if (waitMs > 0) return { waitMs };
    if (!budget.isAmple(cost, now)) {
      const reserved = await this.reserve(model, budget, cost);
      if (reserved !== undefined) return reserved;
    }
    budget.unanswered += 1;
    return { pass: { model, isReserved: false, isAnswered: false } };
  }

  /** The upstream has told what is left. */
  learn(pass: LimitPass, limits: RateLimits): void {
    const budget = this.budgetOf(pass.model);
    const wasShared = budget.hasJoined;
    this.settle(pass, budget);
    budget.learn(limits, performance.now());
    const isShared = wasShared || pass.isReserved;
    // Plenty: the row is nobody's concern until it gets scarce, and then the other workers must know at once.
    if (!isShared && budget.isAmple(1, performance.now())) return;
    const shared = isShared ? this.limits.announce(this.upstream, pass.model, limits) : this.join(pass.model, budget);
    shared.catch((error: unknown) => this.trouble.warn(error));
  }

  /** The upstream said 429: all workers leave the model alone for a while. */
  async refused(pass: LimitPass, retryAfterMs: number | null): Promise<void> {
    const budget = this.budgetOf(pass.model);
    // Calls that were under way together are refused together: that is one refusal, not a row of them.
    const ownGuess = budget.isHeld(performance.now()) ? budget.guessMs : budget.refused();
    const ms = Math.min(LONGEST_HOLD_MS, retryAfterMs !== null && retryAfterMs > 0 ? retryAfterMs : ownGuess);
    budget.hold(ms, performance.now());
    try {
      await this.limits.hold(this.upstream, pass.model, ms);
      this.tell();
    } catch (error) {
      this.trouble.warn(error);
    }
  }

  answered(pass: LimitPass): void {
    this.budgetOf(pass.model).answered();
  }

  end(pass: LimitPass): void {
    this.settle(pass, this.budgetOf(pass.model));
  }

  /** Takes over what is in the database. */
  apply(shared: readonly SharedLimit[]): void {
    const now = performance.now();
    for (const { model, heldMs, limits } of shared) {
      const budget = this.budgetOf(model);
      if (heldMs > 0) budget.hold(heldMs, now);
      if (limits.requests !== null || limits.tokens !== null) budget.adopt(limits, now);
    }
  }

  /** Undefined: the row does not know this model, so there is nothing to keep to. */
  private async reserve(model: string, budget: ModelBudget, cost: number): Promise<LimitAnswer | undefined> {
    await this.join(model, budget);
    const answer = await this.limits.reserve(this.upstream, model, cost);
    if (answer === undefined) {
      budget.hasJoined = false;
      return undefined;
    }
    if (answer.isGranted) return { pass: { model, isReserved: true, isAnswered: false } };
    const waitMs = Math.min(answer.waitMs, LONGEST_DENIAL_MS);
    budget.deny(waitMs, performance.now());
    return { waitMs };
  }

  /** Before the first reservation: the row must know what this process has under way. */
  private async join(model: string, budget: ModelBudget): Promise<void> {
    if (budget.hasJoined) return;
    const begun = this.joining.get(model);
    if (begun !== undefined) return begun;
    const joining = this.limits
      .announce(this.upstream, model, budget.current(performance.now()), budget.unanswered)
      .then(() => {
        budget.hasJoined = true;
        this.tell();
      })
      .finally(() => this.joining.delete(model));
    this.joining.set(model, joining);
    return joining;
  }

  private tell(): void {
    this.events.publish({ type: 'upstream.changed', upstream: this.upstream });
  }

  private settle(pass: LimitPass, budget: ModelBudget): void {
    if (pass.isAnswered) return;
    pass.isAnswered = true;
    if (!pass.isReserved) budget.unanswered -= 1;
  }

  private budgetOf(model: string): ModelBudget {
    const known = this.budgets.get(model);
    if (known !== undefined) return known;
    if (this.budgets.size >= MAX_MODELS) this.forgetIdle();
    const budget = new ModelBudget();
    this.budgets.set(model, budget);
    return budget;
  }

  private forgetIdle(): void {
    const now = performance.now();
    for (const [model, budget] of this.budgets) if (budget.isIdle(now)) this.budgets.delete(model);
  }
}

const nameOf = (model: string): string => model.slice(0, MAX_MODEL_LENGTH);
