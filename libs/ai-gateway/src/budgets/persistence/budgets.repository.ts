import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Budget, BudgetChanges, BudgetUse, NewBudget } from '../budget';
import { counts, LEDGER_SUM, PERIOD_END, PERIOD_START, subjectOf } from './budget-sql';

const COLUMNS = `b.id, b.workspace_id AS "workspaceId", b.name, b.scope, b.user_id AS "userId", b.persona_id AS "personaId", b.unit,
  b.limit_amount AS "limitAmount", b.period, b.time_zone AS "timeZone", b.is_hard AS "isHard", b.alert_percent AS "alertPercent",
  b.webhook_url AS "webhookUrl", b.created_by AS "createdBy", b.created_at AS "createdAt", b.updated_at AS "updatedAt"`;

const USE_COLUMNS = `p.subject_id AS "subjectId", p.period_start AS "periodStart", p.period_end AS "periodEnd", p.spent, p.reserved,
  p.refused_at AS "refusedAt"`;

/** Of what user $1 may see: an owner all budgets of the workspace; its budgets in general are no member's business. */
const OWNED = `budgets b JOIN workspace_members o ON o.workspace_id = b.workspace_id AND o.user_id = $1 AND o.role = 'owner' AND b.deleted_at IS NULL`;

export interface BudgetPage {
  limit: number;
  beforeId?: number;
  workspaceId?: number;
}

/** What counts for one user now. */
export interface MyBudget extends Budget {
  periodStart: Date;
  periodEnd: Date;
  spent: number;
  reserved: number;
}

@Injectable()
export class BudgetsRepository {
  constructor(private readonly database: Database) {}

  /** Null for no member. */
  async roleIn(userId: number, workspaceId: number): Promise<string | null> {
    const [row] = await this.database.query<{ role: string }>(
      'SELECT role FROM workspace_members WHERE user_id = $1 AND workspace_id = $2',
      [userId, workspaceId],
    );
    return row?.role ?? null;
  }

  async isTimeZone(name: string): Promise<boolean> {
    const rows = await this.database.query('SELECT 1 FROM pg_timezone_names WHERE name = $1', [name]);
    return rows.length > 0;
  }

  async hasPersona(workspaceId: number, personaId: number): Promise<boolean> {
    const rows = await this.database.query(
      'SELECT 1 FROM personas WHERE id = $2 AND workspace_id = $1 AND deleted_at IS NULL',
      [workspaceId, personaId],
    );
    return rows.length > 0;
  }

  async countIn(workspaceId: number): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      'SELECT count(*) FROM budgets WHERE workspace_id = $1 AND deleted_at IS NULL',
      [workspaceId],
    );
    return row!.count;
  }

  async add(budget: NewBudget): Promise<number> {
    const [row] = await this.database.query<{ id: number }>(
      `INSERT INTO budgets (workspace_id, name, scope, user_id, persona_id, unit, limit_amount, period, time_zone, is_hard, alert_percent,
         webhook_url, webhook_secret, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id`,
      [
        budget.workspaceId,
        budget.name,
        budget.scope,
        budget.userId,
        budget.personaId,
        budget.unit,
        budget.limitAmount,
        budget.period,
        budget.timeZone,
        budget.isHard,
        budget.alertPercent,
        budget.webhookUrl,
        budget.webhookSecret,
        budget.createdBy,
      ],
    );
    return row!.id;
  }

  /** Begins the current period with what the ledger has; nothing where each user counts alone: their periods begin with their next message. */
  async openCurrent(budgetId: number): Promise<void> {
    await this.database.query(
      `WITH current AS (
         SELECT b.*, 0 AS subject_id, ${PERIOD_START} AS period_start, ${PERIOD_END} AS period_end
         FROM budgets b WHERE b.id = $1 AND NOT (b.scope = 'user' AND b.user_id IS NULL)
       )
       INSERT INTO budget_periods (budget_id, subject_id, period_start, period_end, spent)
       SELECT m.id, m.subject_id, m.period_start, m.period_end, ${LEDGER_SUM} FROM current m ON CONFLICT DO NOTHING`,
      [budgetId],
    );
  }

  /** Newest first. */
  async list(ownerId: number, page: BudgetPage): Promise<Budget[]> {
    return this.database.query<Budget>(
      `SELECT ${COLUMNS} FROM ${OWNED} WHERE ($2::bigint IS NULL OR b.id < $2) AND ($3::bigint IS NULL OR b.workspace_id = $3)
       ORDER BY b.id DESC LIMIT $4`,
      [ownerId, page.beforeId ?? null, page.workspaceId ?? null, page.limit],
    );
  }

  async find(ownerId: number, id: number): Promise<Budget | undefined> {
    const [row] = await this.database.query<Budget>(`SELECT ${COLUMNS} FROM ${OWNED} WHERE b.id = $2`, [ownerId, id]);
    return row;
  }

  async change(ownerId: number, id: number, changes: BudgetChanges): Promise<boolean> {
    const { webhook } = changes;
    const rows = await this.database.query(
      `UPDATE budgets b SET name = coalesce($3, b.name), limit_amount = coalesce($4, b.limit_amount), is_hard = coalesce($5, b.is_hard),
         alert_percent = CASE WHEN $6 THEN $7 ELSE b.alert_percent END,
         webhook_url = CASE WHEN $8 THEN $9 ELSE b.webhook_url END, webhook_secret = CASE WHEN $8 THEN $10 ELSE b.webhook_secret END,
         updated_at = now()
       FROM workspace_members o WHERE b.id = $2 AND b.deleted_at IS NULL AND o.workspace_id = b.workspace_id AND o.user_id = $1 AND o.role = 'owner' RETURNING b.id`,
      [
        ownerId,
        id,
        changes.name ?? null,
        changes.limitAmount ?? null,
        changes.isHard ?? null,
        changes.alertPercent !== undefined,
        changes.alertPercent ?? null,
        webhook !== undefined,
        webhook?.url ?? null,
        webhook?.secret ?? null,
      ],
    );
    return rows.length > 0;
  }

  /** From now on it counts for nothing. The row goes when nothing is held from it any more. */
  async remove(ownerId: number, id: number): Promise<boolean> {
    const rows = await this.database.query(
      `UPDATE budgets b SET deleted_at = now() FROM workspace_members o
       WHERE b.id = $2 AND b.deleted_at IS NULL AND o.workspace_id = b.workspace_id AND o.user_id = $1 AND o.role = 'owner' RETURNING b.id`,
      [ownerId, id],
    );
    return rows.length > 0;
  }

  /** The periods that run now of these budgets, without those where each user counts alone. */
  async currentUses(budgetIds: readonly number[]): Promise<(BudgetUse & { budgetId: number })[]> {
    return this.database.query<BudgetUse & { budgetId: number }>(
      `SELECT b.id AS "budgetId", 0 AS "subjectId", ${PERIOD_START} AS "periodStart", ${PERIOD_END} AS "periodEnd",
         coalesce(p.spent, 0)::bigint AS spent, coalesce(p.reserved, 0)::bigint AS reserved, p.refused_at AS "refusedAt"
       FROM budgets b LEFT JOIN budget_periods p ON p.budget_id = b.id AND p.subject_id = 0 AND p.period_start = ${PERIOD_START}
       WHERE b.id = ANY($1::bigint[])`,
      [budgetIds],
    );
  }

  /** Newest period first, and in it who used most. */
  async uses(budgetId: number, page: { limit: number; offset: number }): Promise<BudgetUse[]> {
    return this.database.query<BudgetUse>(
      `SELECT ${USE_COLUMNS} FROM budget_periods p WHERE p.budget_id = $1
       ORDER BY p.period_start DESC, p.spent DESC, p.subject_id LIMIT $2 OFFSET $3`,
      [budgetId, page.limit, page.offset],
    );
  }

  /** What limits a user: budgets of their workspaces that are for everybody, for them, or for a persona that they may use. */
  async ofUser(userId: number): Promise<MyBudget[]> {
    return this.database.query<MyBudget>(
      `SELECT ${COLUMNS}, ${PERIOD_START} AS "periodStart", ${PERIOD_END} AS "periodEnd",
         coalesce(p.spent, 0)::bigint AS spent, coalesce(p.reserved, 0)::bigint AS reserved
       FROM workspace_members o JOIN budgets b ON b.workspace_id = o.workspace_id
       LEFT JOIN budget_periods p ON p.budget_id = b.id AND p.subject_id = ${subjectOf('$1::bigint')} AND p.period_start = ${PERIOD_START}
       WHERE o.user_id = $1 AND b.deleted_at IS NULL AND ${counts('$1', 'b.persona_id')}
         AND (b.scope <> 'persona' OR EXISTS (
           SELECT 1 FROM personas a WHERE a.id = b.persona_id AND a.deleted_at IS NULL AND (a.visibility = 'workspace' OR a.owner_id = $1)))
       ORDER BY b.id LIMIT 200`,
      [userId],
    );
  }

  async limitedWorkspaces(): Promise<number[]> {
    const rows = await this.database.query<{ id: number }>(
      'SELECT DISTINCT workspace_id AS id FROM budgets WHERE deleted_at IS NULL',
    );
    return rows.map(({ id }) => id);
  }
}
