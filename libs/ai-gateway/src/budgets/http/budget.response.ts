import { type Budget, type BudgetUnit, type BudgetUse, MICROS_PER_USD } from '../budget';
import type { BudgetView } from '../budgets.service';
import type { AlertView } from '../persistence/budget-upkeep.repository';
import type { MyBudget } from '../persistence/budgets.repository';

const shown = (amount: number, unit: BudgetUnit): number => (unit === 'usd' ? amount / MICROS_PER_USD : amount);

/** How much of a budget is used. Amounts are in its unit. */
export class BudgetUseResponse {
  /** @example 2026-11-01T00:00:00.000Z */
  period_start: string;

  /** When the budget begins anew.
   * @example 2026-12-01T00:00:00.000Z */
  resets_at: string;

  /** Whose use it is, where each user counts alone; else null. */
  user_id: number | null;

  /** Used by calls that have ended.
   * @example 12.25 */
  spent: number;

  /** Held for answers that are being made.
   * @example 0.01 */
  reserved: number;

  /** What is left; never below 0.
   * @example 13.24 */
  remaining: number;

  /** When a message was first refused in this period. */
  refused_at: string | null;

  static from(
    use: Omit<BudgetUse, 'refusedAt'> & { refusedAt?: Date | null },
    { unit, limitAmount }: Budget,
  ): BudgetUseResponse {
    return {
      period_start: use.periodStart.toISOString(),
      resets_at: use.periodEnd.toISOString(),
      user_id: use.subjectId === 0 ? null : use.subjectId,
      spent: shown(use.spent, unit),
      reserved: shown(use.reserved, unit),
      remaining: shown(Math.max(0, limitAmount - use.spent - use.reserved), unit),
      refused_at: use.refusedAt?.toISOString() ?? null,
    };
  }
}

export class BudgetResponse {
  /** @example 3 */
  id: number;

  /** @example 1 */
  workspace_id: number;

  /** @example "Support, per month" */
  name: string;

  /** @example workspace */
  scope: 'workspace' | 'user' | 'persona';

  /** For the scope `user`; null: each user for themselves. */
  user_id: number | null;

  persona_id: number | null;

  /** @example usd */
  unit: 'tokens' | 'usd';

  /** @example 25.5 */
  limit: number;

  /** @example month */
  period: 'day' | 'month';

  /** @example Europe/Berlin */
  time_zone: string;

  /** Messages are refused when it is used up.
   * @example true */
  is_hard: boolean;

  /** @example 80 */
  alert_at_percent: number | null;

  /** @example https://hooks.example.com/budgets */
  webhook_url: string | null;

  /** Signs what the webhook gets. Shown only in the answer that sets the webhook: keep it. */
  webhook_secret?: string;

  /** @example 2026-11-21T12:00:00.000Z */
  created_at: string;

  /** @example 2026-11-21T12:00:00.000Z */
  updated_at: string;

  /** The running period; null where each user counts alone (GET /budgets/{id}/periods lists them). */
  current: BudgetUseResponse | null;

  static from({ budget, current, webhookSecret }: BudgetView): BudgetResponse {
    return {
      id: budget.id,
      workspace_id: budget.workspaceId,
      name: budget.name,
      scope: budget.scope,
      user_id: budget.userId,
      persona_id: budget.personaId,
      unit: budget.unit,
      limit: shown(budget.limitAmount, budget.unit),
      period: budget.period,
      time_zone: budget.timeZone,
      is_hard: budget.isHard,
      alert_at_percent: budget.alertPercent,
      webhook_url: budget.webhookUrl,
      ...(webhookSecret === undefined ? {} : { webhook_secret: webhookSecret }),
      created_at: budget.createdAt.toISOString(),
      updated_at: budget.updatedAt.toISOString(),
      current: current === null ? null : BudgetUseResponse.from(current, budget),
    };
  }
}

export class BudgetListResponse {
  budgets: BudgetResponse[];

  /** @example false */
  has_more: boolean;

  next_cursor: string | null;
}

export class BudgetUseListResponse {
  periods: BudgetUseResponse[];

  /** @example false */
  has_more: boolean;
}

/** A limit that was reached. */
export class BudgetAlertResponse {
  /** @example 5 */
  id: number;

  /** @example soft_limit */
  kind: 'soft_limit' | 'hard_limit';

  /** Whose, where each user counts alone. */
  user_id: number | null;

  /** @example 2026-11-01T00:00:00.000Z */
  period_start: string;

  /** In the budget's unit, when it was noticed.
   * @example 20.5 */
  spent: number;

  /** @example 2026-11-21T12:00:00.000Z */
  created_at: string;

  /** How often the webhook was called for it.
   * @example 1 */
  delivery_attempts: number;

  delivered_at: string | null;

  /** Null when it was delivered, given up, or there is no webhook. */
  next_attempt_at: string | null;

  /** Why the last attempt failed. */
  last_error: string | null;

  static from(alert: AlertView, { unit }: Budget): BudgetAlertResponse {
    return {
      id: alert.id,
      kind: alert.kind,
      user_id: alert.subjectId === 0 ? null : alert.subjectId,
      period_start: alert.periodStart.toISOString(),
      spent: shown(alert.spent, unit),
      created_at: alert.createdAt.toISOString(),
      delivery_attempts: alert.attempts,
      delivered_at: alert.deliveredAt?.toISOString() ?? null,
      next_attempt_at: alert.nextAttemptAt?.toISOString() ?? null,
      last_error: alert.lastError,
    };
  }
}

export class BudgetAlertListResponse {
  alerts: BudgetAlertResponse[];
}

/** A budget that limits you. */
export class MyBudgetResponse {
  /** @example 1 */
  workspace_id: number;

  /** @example user */
  scope: 'workspace' | 'user' | 'persona';

  persona_id: number | null;

  /** @example tokens */
  unit: 'tokens' | 'usd';

  /** @example 100000 */
  limit: number;

  /** @example day */
  period: 'day' | 'month';

  /** @example true */
  is_hard: boolean;

  /** What is left for you in this period.
   * @example 88000 */
  remaining: number;

  /** @example 2026-11-22T00:00:00.000Z */
  resets_at: string;

  static from(mine: MyBudget): MyBudgetResponse {
    return {
      workspace_id: mine.workspaceId,
      scope: mine.scope,
      persona_id: mine.personaId,
      unit: mine.unit,
      limit: shown(mine.limitAmount, mine.unit),
      period: mine.period,
      is_hard: mine.isHard,
      remaining: shown(Math.max(0, mine.limitAmount - mine.spent - mine.reserved), mine.unit),
      resets_at: mine.periodEnd.toISOString(),
    };
  }
}

export class MyBudgetListResponse {
  budgets: MyBudgetResponse[];
}
