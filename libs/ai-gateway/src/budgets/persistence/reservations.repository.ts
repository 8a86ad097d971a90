import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { BudgetPeriod, BudgetScope, BudgetUnit, CallEstimate, CallScope } from '../budget';
import { LEDGER_SUM, MATCHING } from './budget-sql';

/** A budget from which an amount was just taken. */
export interface Reserved {
  budgetId: number;
  subjectId: number;
  name: string;
  scope: BudgetScope;
  unit: BudgetUnit;
  period: BudgetPeriod;
  isHard: boolean;
  limitAmount: number;
  /** With this amount. */
  reserved: number;
  spent: number;
  amount: number;
  periodStart: Date;
  periodEnd: Date;
}

/** Who holds it: a turn until it ends, or one call of another kind until it is over, at the latest after `ttlMs`. */
export type Holder = { turnId: number } | { holder: string; ttlMs: number };

/** Budgets can be added between two statements; but not so often. */
const OPENINGS = 10;

/** Holding room in budgets for calls that are under way. All of it inside the caller's transaction, if there is one. */
@Injectable()
export class ReservationsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Takes the most that a call may use from every budget that it counts for, whether there is room or not: the caller looks, and rolls back.
   * The rows of the periods are locked until the end of the transaction, which is what keeps parallel calls from overrunning together.
   */
  async reserve(scope: CallScope, estimate: CallEstimate, holder: Holder): Promise<Reserved[]> {
    for (let left = OPENINGS; left > 0; left -= 1) {
      const taken = await this.tryReserve(scope, estimate, holder);
      if (taken !== 'no-period') return taken;
      await this.openPeriods(scope);
    }
    throw new Error('A period of a budget could not be opened.');
  }

  private async tryReserve(
    scope: CallScope,
    estimate: CallEstimate,
    holder: Holder,
  ): Promise<Reserved[] | 'no-period'> {
    const rows = await this.database.query<Partial<Reserved> & { lacking: number }>(
      `WITH matching AS MATERIALIZED (${MATCHING}), lacking AS (
         SELECT 1 FROM matching m WHERE NOT EXISTS (
           SELECT 1 FROM budget_periods p WHERE p.budget_id = m.id AND p.subject_id = m.subject_id AND p.period_start = m.period_start)
       ), locked AS (
         SELECT p.budget_id, p.subject_id, p.period_start FROM budget_periods p
         JOIN matching m ON p.budget_id = m.id AND p.subject_id = m.subject_id AND p.period_start = m.period_start
         WHERE NOT EXISTS (SELECT 1 FROM lacking) ORDER BY p.budget_id, p.subject_id, p.period_start FOR UPDATE OF p
       ), taken AS (
         UPDATE budget_periods p SET reserved = p.reserved + w.amount
         FROM (SELECT m.*, CASE m.unit WHEN 'tokens' THEN $4::bigint ELSE $5::bigint END AS amount
               FROM locked l JOIN matching m ON l.budget_id = m.id) w
         WHERE p.budget_id = w.id AND p.subject_id = w.subject_id AND p.period_start = w.period_start
         RETURNING p.budget_id, p.subject_id, p.period_start, p.period_end, p.reserved, p.spent, w.amount, w.name, w.scope, w.unit, w.period,
           w.is_hard, w.limit_amount
       ), held AS (
         INSERT INTO budget_reservations (budget_id, subject_id, period_start, amount, turn_id, holder, expires_at)
         SELECT budget_id, subject_id, period_start, amount, $6::bigint, $7::uuid, now() + $8::double precision * interval '1 millisecond' FROM taken
       )
       SELECT (SELECT count(*) FROM lacking) AS lacking, t.budget_id AS "budgetId", t.subject_id AS "subjectId", t.name, t.scope, t.unit, t.period,
         t.is_hard AS "isHard", t.limit_amount AS "limitAmount", t.reserved, t.spent, t.amount, t.period_start AS "periodStart",
         t.period_end AS "periodEnd"
       FROM (SELECT 1) one LEFT JOIN taken t ON true ORDER BY t.budget_id`,
      [
        scope.workspaceId,
        scope.userId,
        scope.personaId,
        estimate.tokens,
        estimate.costUsdMicros ?? 0,
        'turnId' in holder ? holder.turnId : null,
        'turnId' in holder ? null : holder.holder,
        'turnId' in holder ? null : holder.ttlMs,
      ],
    );
    if (rows.some(({ lacking }) => lacking > 0)) return 'no-period';
    return rows.filter((row): row is Reserved & { lacking: number } => typeof row.budgetId === 'number');
  }

  /** Begins the current periods of the budgets that a call counts for, with what the ledger has already. */
  async openPeriods(scope: CallScope): Promise<void> {
    await this.database.query(
      `WITH matching AS (${MATCHING})
       INSERT INTO budget_periods (budget_id, subject_id, period_start, period_end, spent)
       SELECT m.id, m.subject_id, m.period_start, m.period_end, ${LEDGER_SUM} FROM matching m
       WHERE NOT EXISTS (
         SELECT 1 FROM budget_periods p WHERE p.budget_id = m.id AND p.subject_id = m.subject_id AND p.period_start = m.period_start)
       ORDER BY m.id, m.subject_id ON CONFLICT DO NOTHING`,
      [scope.workspaceId, scope.userId, scope.personaId],
    );
  }

  /** Gives back what a turn holds, to be reserved anew; until the end of the transaction it cannot end. False when it has ended: then it holds nothing. */
  async releaseOpenTurn(turnId: number): Promise<boolean> {
    const open = await this.database.query('SELECT 1 FROM turns WHERE id = $1 AND finished_at IS NULL FOR SHARE', [
      turnId,
    ]);
    if (open.length === 0) return false;
    await this.database.query('DELETE FROM budget_reservations WHERE turn_id = $1', [turnId]);
    return true;
  }

  async release(holder: string): Promise<void> {
    await this.database.query('DELETE FROM budget_reservations WHERE holder = $1', [holder]);
  }

  /** What calls of processes that died have left behind. */
  async releaseExpired(): Promise<void> {
    await this.database.query('DELETE FROM budget_reservations WHERE expires_at < now()');
  }

  /** Notes that messages were refused in these periods. */
  async markRefused(periods: readonly Pick<Reserved, 'budgetId' | 'subjectId' | 'periodStart'>[]): Promise<void> {
    await this.database.query(
      // Locked in the order in which those who reserve lock them.
      `WITH refused AS MATERIALIZED (
         SELECT p.budget_id, p.subject_id, p.period_start FROM budget_periods p
         JOIN unnest($1::bigint[], $2::bigint[], $3::timestamptz[]) AS r (budget_id, subject_id, period_start)
           ON p.budget_id = r.budget_id AND p.subject_id = r.subject_id AND p.period_start = r.period_start
         WHERE p.refused_at IS NULL ORDER BY p.budget_id, p.subject_id, p.period_start FOR NO KEY UPDATE OF p
       )
       UPDATE budget_periods p SET refused_at = now() FROM refused r
       WHERE p.budget_id = r.budget_id AND p.subject_id = r.subject_id AND p.period_start = r.period_start`,
      [
        periods.map(({ budgetId }) => budgetId),
        periods.map(({ subjectId }) => subjectId),
        periods.map(({ periodStart }) => periodStart),
      ],
    );
  }
}
