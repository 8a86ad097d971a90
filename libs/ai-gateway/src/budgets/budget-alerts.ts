import { WebhookFailed, Webhooks } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { MICROS_PER_USD } from './budget';
import { BudgetUpkeepRepository, type DueAlert, type RaisedAlert } from './persistence/budget-upkeep.repository';
import { ReservationsRepository } from './persistence/reservations.repository';

const PER_RUN = 50;
/** Longer than a webhook can take. */
const CLAIM_MS = 60_000;
/** 1, 2, 4 … minutes; the tenth comes after about eight hours, then it is given up. */
const FIRST_RETRY_MS = 60_000;
const MAX_ATTEMPTS = 10;

/** Keeps budgets true and tells when a limit is reached. */
@Injectable()
export class BudgetAlerts {
  constructor(
    private readonly upkeep: BudgetUpkeepRepository,
    private readonly reservations: ReservationsRepository,
    private readonly webhooks: Webhooks,
    private readonly logger: PinoLogger,
  ) {}

  /** Safe to run twice and in parallel. */
  async run(): Promise<void> {
    await this.reservations.releaseExpired();
    await this.upkeep.removeDeleted();
    for (const { budgetId, subjectId, periodStart } of await this.upkeep.uncounted(PER_RUN)) {
      await this.upkeep.recount(budgetId, subjectId, periodStart);
    }
    for (const alert of await this.upkeep.raise()) {
      this.logger.warn(logged(alert), alert.kind === 'soft_limit' ? 'a budget nears its limit' : 'a budget is used up');
    }
    const due = await this.upkeep.claimDue(PER_RUN, CLAIM_MS);
    await Promise.all(due.map((alert) => this.deliver(alert)));
  }

  private async deliver(alert: DueAlert): Promise<void> {
    try {
      await this.webhooks.post({ url: alert.webhookUrl, secret: alert.webhookSecret, body: bodyOf(alert) });
      await this.upkeep.delivered(alert.id);
    } catch (error) {
      if (!(error instanceof WebhookFailed)) throw error;
      const retryMs = alert.attempts >= MAX_ATTEMPTS ? null : FIRST_RETRY_MS * 2 ** (alert.attempts - 1);
      await this.upkeep.notDelivered(alert.id, error.message, retryMs);
      this.logger.warn(
        { budget_id: alert.budgetId, alert_id: alert.id, detail: error.message, retry_in_ms: retryMs },
        'the webhook of a budget did not take an alert',
      );
    }
  }
}

const shown = (amount: number, unit: RaisedAlert['unit']): number =>
  unit === 'usd' ? amount / MICROS_PER_USD : amount;

const logged = ({ id, budgetId, workspaceId, kind, unit, spent, limitAmount, periodEnd }: RaisedAlert): object => ({
  alert_id: id,
  budget_id: budgetId,
  workspace_id: workspaceId,
  kind,
  unit,
  spent: shown(spent, unit),
  limit: shown(limitAmount, unit),
  resets_at: periodEnd.toISOString(),
});

/** What a webhook gets; documented in docs/budgets.md. */
const bodyOf = (alert: RaisedAlert): object => ({
  type: `budget.${alert.kind}`,
  ...logged(alert),
  name: alert.name,
  scope: alert.scope,
  user_id: alert.userId ?? (alert.subjectId === 0 ? null : alert.subjectId),
  persona_id: alert.personaId,
  period_start: alert.periodStart.toISOString(),
  created_at: alert.createdAt.toISOString(),
});
