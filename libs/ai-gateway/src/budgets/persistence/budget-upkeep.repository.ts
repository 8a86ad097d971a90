import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { CostDelta } from '../../prices';
import type { BudgetScope, BudgetUnit } from '../budget';
import { counts, LEDGER_SUM, subjectOf } from './budget-sql';

/** Turns that hold room, and calls that are still to be booked, have usually ended by then. */
const REMOVED_AFTER = `interval '30 minutes'`;

export type AlertKind = 'soft_limit' | 'hard_limit';

/** A limit that was reached for the first time in its period. */
export interface RaisedAlert {
  id: number;
  kind: AlertKind;
  budgetId: number;
  workspaceId: number;
  name: string;
  scope: BudgetScope;
  unit: BudgetUnit;
  subjectId: number;
  personaId: number | null;
  userId: number | null;
  limitAmount: number;
  spent: number;
  periodStart: Date;
  periodEnd: Date;
  createdAt: Date;
}

/** One that waits to be told, with where. */
export interface DueAlert extends RaisedAlert {
  webhookUrl: string;
  webhookSecret: string;
  attempts: number;
}

export interface AlertView {
  id: number;
  kind: AlertKind;
  subjectId: number;
  periodStart: Date;
  spent: number;
  createdAt: Date;
  attempts: number;
  deliveredAt: Date | null;
  nextAttemptAt: Date | null;
  lastError: string | null;
}

const ALERT_COLUMNS = `a.id, a.kind, a.budget_id AS "budgetId", b.workspace_id AS "workspaceId", b.name, b.scope, b.unit,
  a.subject_id AS "subjectId", b.persona_id AS "personaId", b.user_id AS "userId", b.limit_amount AS "limitAmount", a.spent,
  a.period_start AS "periodStart", p.period_end AS "periodEnd", a.created_at AS "createdAt"`;

/** Background work on budgets. */
@Injectable()
export class BudgetUpkeepRepository {
  constructor(private readonly database: Database) {}

  /** Deleting at once would take the same locks as turns that end, in another order. */
  async removeDeleted(): Promise<void> {
    await this.database.query(
      `DELETE FROM budgets b WHERE b.deleted_at < now() - ${REMOVED_AFTER}
         AND NOT EXISTS (SELECT 1 FROM budget_reservations r WHERE r.budget_id = b.id)`,
    );
  }

  /**
   * Periods that began at least a minute ago and were not counted again since: a call that closed at the very moment in which its period was
   * opened may be missing.
   */
  async uncounted(limit: number): Promise<{ budgetId: number; subjectId: number; periodStart: Date }[]> {
    return this.database.query(
      `SELECT budget_id AS "budgetId", subject_id AS "subjectId", period_start AS "periodStart" FROM budget_periods
       WHERE period_end > now() - interval '1 day' AND counted_at = created_at AND created_at < now() - interval '1 minute' LIMIT $1`,
      [limit],
    );
  }

  /**
   * Adds what the ledger has and the period has not, once. Both change in the same transactions, so how far they are apart stays what it was in the moment of the
   * reading, whatever is added meanwhile; and nobody waits for the sum.
   */
  async recount(budgetId: number, subjectId: number, periodStart: Date): Promise<void> {
    const [found] = await this.database.query<{ missing: number; countedAt: string }>(
      `SELECT ${LEDGER_SUM} - m.spent AS missing, m.counted_at::text AS "countedAt"
       FROM (SELECT b.workspace_id, b.scope, b.unit, b.user_id, b.persona_id, p.* FROM budget_periods p JOIN budgets b ON b.id = p.budget_id
             WHERE p.budget_id = $1 AND p.subject_id = $2 AND p.period_start = $3) m`,
      [budgetId, subjectId, periodStart],
    );
    if (found === undefined) return;
    // Somebody else may have done it meanwhile.
    await this.database.query(
      `UPDATE budget_periods SET counted_at = now(), spent = spent + $4
       WHERE budget_id = $1 AND subject_id = $2 AND period_start = $3 AND counted_at = $5::timestamptz`,
      [budgetId, subjectId, periodStart, found.missing, found.countedAt],
    );
  }

  /** Adds changes of past costs to the periods in which the calls began: no period begins within a quarter of an hour. */
  async addCosts(deltas: readonly CostDelta[]): Promise<void> {
    await this.database.query(
      `WITH d AS (
         SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::bigint[])
           AS d (workspace_id, user_id, persona_id, started_at, cost)
       ), sums AS (
         SELECT p.budget_id, p.subject_id, p.period_start, sum(d.cost)::bigint AS cost
         FROM d JOIN budgets b ON b.workspace_id = d.workspace_id AND b.unit = 'usd' AND b.deleted_at IS NULL AND ${counts('d.user_id', 'd.persona_id')}
         JOIN budget_periods p ON p.budget_id = b.id AND p.subject_id = ${subjectOf('d.user_id')}
           AND d.started_at >= p.period_start AND d.started_at < p.period_end
         GROUP BY 1, 2, 3
       ), locked AS (
         SELECT p.budget_id FROM budget_periods p JOIN sums USING (budget_id, subject_id, period_start)
         ORDER BY p.budget_id, p.subject_id, p.period_start FOR UPDATE OF p
       )
       UPDATE budget_periods p SET spent = p.spent + sums.cost FROM sums
       WHERE p.budget_id = sums.budget_id AND p.subject_id = sums.subject_id AND p.period_start = sums.period_start
         AND (SELECT count(*) FROM locked) > 0`,
      [
        deltas.map(({ workspaceId }) => workspaceId),
        deltas.map(({ userId }) => userId),
        deltas.map(({ personaId }) => personaId),
        deltas.map(({ quarter }) => quarter),
        deltas.map(({ costDeltaUsdMicros }) => costDeltaUsdMicros),
      ],
    );
  }

  /** Writes down every limit that was reached and not told in this period. */
  async raise(): Promise<RaisedAlert[]> {
    return this.database.query<RaisedAlert>(
      `WITH reached AS (
         SELECT p.*, b.webhook_url, k.kind FROM budget_periods p JOIN budgets b ON b.id = p.budget_id
         JOIN (VALUES ('soft_limit'), ('hard_limit')) k (kind) ON CASE k.kind
           WHEN 'soft_limit' THEN b.alert_percent IS NOT NULL AND p.spent * 100 >= b.limit_amount * b.alert_percent
           ELSE b.is_hard AND (p.refused_at IS NOT NULL OR p.spent >= b.limit_amount) END
         WHERE p.period_end > now() AND b.deleted_at IS NULL
           AND NOT EXISTS (
             SELECT 1 FROM budget_alerts a WHERE a.budget_id = p.budget_id AND a.subject_id = p.subject_id AND a.period_start = p.period_start
               AND a.kind = k.kind)
       ), a AS (
         INSERT INTO budget_alerts (budget_id, subject_id, period_start, kind, spent, next_attempt_at)
         SELECT budget_id, subject_id, period_start, kind, spent, CASE WHEN webhook_url IS NOT NULL THEN now() END FROM reached
         ORDER BY budget_id, subject_id, period_start ON CONFLICT DO NOTHING RETURNING *
       )
       SELECT ${ALERT_COLUMNS} FROM a JOIN budgets b ON b.id = a.budget_id
       JOIN budget_periods p ON p.budget_id = a.budget_id AND p.subject_id = a.subject_id AND p.period_start = a.period_start`,
    );
  }

  /** Claims what is due: its next attempt is put off until this one must have ended. What nobody wants to hear any more is given up, and is in nobody's way. */
  async claimDue(limit: number, claimMs: number): Promise<DueAlert[]> {
    return this.database.query<DueAlert>(
      `WITH due AS (
         SELECT a.id, b.webhook_url IS NOT NULL AND b.deleted_at IS NULL AS is_wanted FROM budget_alerts a JOIN budgets b ON b.id = a.budget_id
         WHERE a.next_attempt_at <= now() ORDER BY a.next_attempt_at LIMIT $1 FOR UPDATE OF a SKIP LOCKED
       ), a AS (
         UPDATE budget_alerts a SET attempts = attempts + is_wanted::integer,
           next_attempt_at = CASE WHEN is_wanted THEN now() + $2 * interval '1 millisecond' END
         FROM due WHERE a.id = due.id RETURNING a.*
       )
       SELECT ${ALERT_COLUMNS}, a.attempts, b.webhook_url AS "webhookUrl", b.webhook_secret AS "webhookSecret"
       FROM a JOIN budgets b ON b.id = a.budget_id AND a.next_attempt_at IS NOT NULL AND b.webhook_url IS NOT NULL
       JOIN budget_periods p ON p.budget_id = a.budget_id AND p.subject_id = a.subject_id AND p.period_start = a.period_start`,
      [limit, claimMs],
    );
  }

  async delivered(id: number): Promise<void> {
    await this.database.query(
      'UPDATE budget_alerts SET delivered_at = now(), next_attempt_at = NULL, last_error = NULL WHERE id = $1',
      [id],
    );
  }

  /** @param retryMs null: it is given up */
  async notDelivered(id: number, error: string, retryMs: number | null): Promise<void> {
    await this.database.query(
      `UPDATE budget_alerts SET last_error = $2, next_attempt_at = now() + $3::double precision * interval '1 millisecond' WHERE id = $1`,
      [id, error.slice(0, 300), retryMs],
    );
  }

  /** Newest first. */
  async alertsOf(budgetId: number, limit: number): Promise<AlertView[]> {
    return this.database.query<AlertView>(
      `SELECT id, kind, subject_id AS "subjectId", period_start AS "periodStart", spent, created_at AS "createdAt", attempts,
         delivered_at AS "deliveredAt", next_attempt_at AS "nextAttemptAt", last_error AS "lastError"
       FROM budget_alerts WHERE budget_id = $1 ORDER BY period_start DESC, id DESC LIMIT $2`,
      [budgetId, limit],
    );
  }
}
