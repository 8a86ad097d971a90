import { badInput } from '@app/kernel';
import { ApiProblems, CurrentUser, ParseIdPipe, type Principal } from '@app/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { type BudgetUnit, MICROS_PER_USD } from '../budget';
import { BudgetsService } from '../budgets.service';
import { ChangeBudgetDto, CreateBudgetDto, ListBudgetsQueryDto, ListBudgetUsesQueryDto } from './budget.dto';
import {
  BudgetAlertListResponse,
  BudgetAlertResponse,
  BudgetListResponse,
  BudgetResponse,
  BudgetUseListResponse,
  BudgetUseResponse,
  MyBudgetListResponse,
  MyBudgetResponse,
} from './budget.response';

const DEFAULT_ALERT_PERCENT = 80;

function amountOf(limit: number, unit: BudgetUnit): number {
  if (unit === 'usd') return Math.round(limit * MICROS_PER_USD);
  if (!Number.isInteger(limit)) throw badInput('limit', 'must be a whole number of tokens.');
  return limit;
}

@ApiTags('budgets')
@ApiBearerAuth()
@Controller('budgets')
export class BudgetsController {
  constructor(private readonly budgets: BudgetsService) {}

  @Post()
  @ApiOperation({
    summary: 'Set a budget',
    description:
      'Room is held before each call and settled after it, so that parallel messages cannot overrun it together. A message that does not fit is ' +
      'refused with 429 `BUDGET.EXCEEDED` and `resets_at`. Calls of the running period that were made before count too.',
  })
  @ApiCreatedResponse({ type: BudgetResponse })
  @ApiProblems(403, 404, 409)
  async create(@CurrentUser() principal: Principal, @Body() body: CreateBudgetDto): Promise<BudgetResponse> {
    return BudgetResponse.from(
      await this.budgets.create(principal, {
        workspaceId: body.workspace_id ?? undefined,
        name: body.name.trim(),
        scope: body.scope,
        userId: body.user_id ?? null,
        personaId: body.persona_id ?? null,
        unit: body.unit,
        limitAmount: amountOf(body.limit, body.unit),
        period: body.period,
        timeZone: body.time_zone ?? 'UTC',
        isHard: body.is_hard ?? true,
        alertPercent: body.alert_at_percent === undefined ? DEFAULT_ALERT_PERCENT : body.alert_at_percent,
        webhookUrl: body.webhook_url ?? null,
      }),
    );
  }

  @Get()
  @ApiOperation({ summary: 'List the budgets of the workspaces that you own, newest first' })
  @ApiOkResponse({ type: BudgetListResponse })
  @ApiProblems(403)
  async list(@CurrentUser() principal: Principal, @Query() query: ListBudgetsQueryDto): Promise<BudgetListResponse> {
    const page = await this.budgets.list(principal, {
      limit: query.limit ?? 50,
      cursor: query.cursor,
      workspaceId: query.workspace_id,
    });
    return {
      budgets: page.items.map((view) => BudgetResponse.from(view)),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    };
  }

  @Get('mine')
  @ApiOperation({ summary: 'What limits you, and what is left of it' })
  @ApiOkResponse({ type: MyBudgetListResponse })
  async mine(@CurrentUser() principal: Principal): Promise<MyBudgetListResponse> {
    return { budgets: (await this.budgets.ofCaller(principal)).map((budget) => MyBudgetResponse.from(budget)) };
  }

  @Get(':budget_id')
  @ApiOperation({ summary: 'Read a budget with its running period' })
  @ApiOkResponse({ type: BudgetResponse })
  @ApiProblems(404)
  async get(
    @CurrentUser() principal: Principal,
    @Param('budget_id', ParseIdPipe) budgetId: number,
  ): Promise<BudgetResponse> {
    return BudgetResponse.from(await this.budgets.get(principal, budgetId));
  }

  @Patch(':budget_id')
  @ApiOperation({
    summary: 'Change a budget',
    description: 'It counts at once. Scope, unit and period stay: make another budget for those.',
  })
  @ApiOkResponse({ type: BudgetResponse })
  @ApiProblems(404)
  async change(
    @CurrentUser() principal: Principal,
    @Param('budget_id', ParseIdPipe) budgetId: number,
    @Body() body: ChangeBudgetDto,
  ): Promise<BudgetResponse> {
    const { budget } = await this.budgets.get(principal, budgetId);
    return BudgetResponse.from(
      await this.budgets.change(principal, budgetId, {
        name: body.name?.trim(),
        limitAmount: body.limit === undefined ? undefined : amountOf(body.limit, budget.unit),
        isHard: body.is_hard,
        alertPercent: body.alert_at_percent,
        webhookUrl: body.webhook_url,
      }),
    );
  }

  @Delete(':budget_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a budget: nothing is limited by it any more' })
  @ApiNoContentResponse()
  @ApiProblems(404)
  async remove(@CurrentUser() principal: Principal, @Param('budget_id', ParseIdPipe) budgetId: number): Promise<void> {
    await this.budgets.remove(principal, budgetId);
  }

  @Get(':budget_id/periods')
  @ApiOperation({
    summary: 'What was used of a budget, newest period first; one line per user where each user counts alone',
  })
  @ApiOkResponse({ type: BudgetUseListResponse })
  @ApiProblems(404)
  async periods(
    @CurrentUser() principal: Principal,
    @Param('budget_id', ParseIdPipe) budgetId: number,
    @Query() query: ListBudgetUsesQueryDto,
  ): Promise<BudgetUseListResponse> {
    const { budget } = await this.budgets.get(principal, budgetId);
    const { uses, hasMore } = await this.budgets.uses(principal, budgetId, {
      limit: query.limit ?? 50,
      offset: query.offset ?? 0,
    });
    return { periods: uses.map((use) => BudgetUseResponse.from(use, budget)), has_more: hasMore };
  }

  @Get(':budget_id/alerts')
  @ApiOperation({ summary: 'Which limits were reached, and whether the webhook was told; the newest 200' })
  @ApiOkResponse({ type: BudgetAlertListResponse })
  @ApiProblems(404)
  async alerts(
    @CurrentUser() principal: Principal,
    @Param('budget_id', ParseIdPipe) budgetId: number,
  ): Promise<BudgetAlertListResponse> {
    const { budget } = await this.budgets.get(principal, budgetId);
    const alerts = await this.budgets.alerts(principal, budgetId);
    return { alerts: alerts.map((alert) => BudgetAlertResponse.from(alert, budget)) };
  }
}
