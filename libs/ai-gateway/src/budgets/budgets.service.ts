import { randomBytes } from 'node:crypto';
import { badInput } from '@app/kernel';
import { decodeCursor, type Page, type Principal, toPage, Webhooks } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Budget, BudgetChanges, BudgetUse, NewBudget } from './budget';
import { BudgetIndex } from './budget-index';
import { budgetNotFound, budgetsForbidden, tooManyBudgets } from './budgets.errors';
import { type AlertView, BudgetUpkeepRepository } from './persistence/budget-upkeep.repository';
import { BudgetsRepository, type MyBudget } from './persistence/budgets.repository';

const MAX_BUDGETS_PER_WORKSPACE = 200;
const MAX_ALERTS = 200;
const PAGE_OF_USES = 200;

/** A budget and its current period; null where each user counts alone. */
export interface BudgetView {
  budget: Budget;
  current: BudgetUse | null;
  /** Told once, when the webhook is set. */
  webhookSecret?: string;
}

export type BudgetRequest = Omit<NewBudget, 'webhookSecret' | 'createdBy' | 'workspaceId'> & { workspaceId?: number };

/** Setting budgets and looking at them: for the owners of a workspace. */
@Injectable()
export class BudgetsService {
  constructor(
    private readonly budgets: BudgetsRepository,
    private readonly upkeep: BudgetUpkeepRepository,
    private readonly index: BudgetIndex,
    private readonly webhooks: Webhooks,
  ) {}

  /** @throws 403 BUDGET.FORBIDDEN, 404 BUDGET.NOT_FOUND (another owner has removed it at once), 409 BUDGET.TOO_MANY, 422 */
  async create(principal: Principal, request: BudgetRequest): Promise<BudgetView> {
    const workspaceId = request.workspaceId ?? principal.workspaceId;
    await this.requireOwner(principal, workspaceId);
    await this.checkSubject(workspaceId, request);
    if (!(await this.budgets.isTimeZone(request.timeZone))) {
      throw badInput('time_zone', 'is not the name of a time zone, such as Europe/Berlin or UTC.');
    }
    const webhookSecret = this.secretFor(request.webhookUrl);
    if ((await this.budgets.countIn(workspaceId)) >= MAX_BUDGETS_PER_WORKSPACE) {
      throw tooManyBudgets(MAX_BUDGETS_PER_WORKSPACE);
    }
    const id = await this.budgets.add({ ...request, workspaceId, webhookSecret, createdBy: principal.userId });
    // Before the first message asks for it: a month of calls takes a moment to sum.
    await this.budgets.openCurrent(id);
    await this.index.changed();
    const view = await this.get(principal, id);
    return webhookSecret === null ? view : { ...view, webhookSecret };
  }

  /** Newest first, of all workspaces that the caller owns, or of one. */
  async list(
    principal: Principal,
    page: { limit: number; cursor?: string; workspaceId?: number },
  ): Promise<Page<BudgetView>> {
    if (page.workspaceId !== undefined) await this.requireOwner(principal, page.workspaceId);
    const beforeId = page.cursor === undefined ? undefined : decodeCursor(page.cursor);
    const found = await this.budgets.list(principal.userId, { ...page, limit: page.limit + 1, beforeId });
    const { items, ...rest } = toPage(found, page.limit, ({ id }) => id);
    return { ...rest, items: await this.withUse(items) };
  }

  /** @throws 404 BUDGET.NOT_FOUND, also for members that are no owners */
  async get(principal: Principal, id: number): Promise<BudgetView> {
    const budget = await this.budgets.find(principal.userId, id);
    if (budget === undefined) throw budgetNotFound(id);
    return (await this.withUse([budget]))[0]!;
  }

  /** @throws 404 BUDGET.NOT_FOUND, 422 */
  async change(
    principal: Principal,
    id: number,
    { webhookUrl, ...changes }: Omit<BudgetChanges, 'webhook'> & { webhookUrl?: string | null },
  ): Promise<BudgetView> {
    await this.get(principal, id);
    const secret = webhookUrl === undefined ? null : this.secretFor(webhookUrl);
    const webhook = typeof webhookUrl === 'string' && secret !== null ? { url: webhookUrl, secret } : null;
    const all: BudgetChanges = webhookUrl === undefined ? changes : { ...changes, webhook };
    if (!(await this.budgets.change(principal.userId, id, all))) throw budgetNotFound(id);
    await this.index.changed();
    const view = await this.get(principal, id);
    return secret === null ? view : { ...view, webhookSecret: secret };
  }

  /** @throws 404 BUDGET.NOT_FOUND */
  async remove(principal: Principal, id: number): Promise<void> {
    if (!(await this.budgets.remove(principal.userId, id))) throw budgetNotFound(id);
    await this.index.changed();
  }

  /** Newest period first; where each user counts alone, one line per user. @throws 404 BUDGET.NOT_FOUND */
  async uses(
    principal: Principal,
    id: number,
    page: { limit: number; offset: number },
  ): Promise<{ uses: BudgetUse[]; hasMore: boolean }> {
    await this.get(principal, id);
    const found = await this.budgets.uses(id, { ...page, limit: Math.min(page.limit, PAGE_OF_USES) + 1 });
    return { uses: found.slice(0, page.limit), hasMore: found.length > page.limit };
  }

  /** The newest 200. @throws 404 BUDGET.NOT_FOUND */
  async alerts(principal: Principal, id: number): Promise<AlertView[]> {
    await this.get(principal, id);
    return this.upkeep.alertsOf(id, MAX_ALERTS);
  }

  /** What limits the caller, in all their workspaces. */
  async ofCaller(principal: Principal): Promise<MyBudget[]> {
    return this.budgets.ofUser(principal.userId);
  }

  private async withUse(budgets: readonly Budget[]): Promise<BudgetView[]> {
    const uses = await this.budgets.currentUses(budgets.map(({ id }) => id));
    const byBudget = new Map(uses.map((use) => [use.budgetId, use]));
    return budgets.map((budget) => {
      const isPerUser = budget.scope === 'user' && budget.userId === null;
      return { budget, current: isPerUser ? null : (byBudget.get(budget.id) ?? null) };
    });
  }

  private async requireOwner(principal: Principal, workspaceId: number): Promise<void> {
    if ((await this.budgets.roleIn(principal.userId, workspaceId)) !== 'owner') throw budgetsForbidden(workspaceId);
  }

  private async checkSubject(workspaceId: number, { scope, userId, personaId }: BudgetRequest): Promise<void> {
    if (scope !== 'user' && userId !== null) throw badInput('user_id', 'is only for the scope "user".');
    if (scope !== 'persona' && personaId !== null) throw badInput('persona_id', 'is only for the scope "persona".');
    if (scope === 'persona' && personaId === null) throw badInput('persona_id', 'is needed for the scope "persona".');
    if (personaId !== null && !(await this.budgets.hasPersona(workspaceId, personaId))) {
      throw badInput('persona_id', 'is no persona of this workspace.');
    }
    if (userId !== null && (await this.budgets.roleIn(userId, workspaceId)) === null) {
      throw badInput('user_id', 'is no member of this workspace.');
    }
  }

  private secretFor(webhookUrl: string | null): string | null {
    if (webhookUrl === null) return null;
    const problem = this.webhooks.problemOf(webhookUrl);
    if (problem !== null) throw badInput('webhook_url', `${problem}.`);
    return `whsec_${randomBytes(24).toString('base64url')}`;
  }
}
