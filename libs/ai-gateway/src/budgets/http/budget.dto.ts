import { HasDecimals, LimitQueryDto, PageQueryDto } from '@app/platform';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import {
  BUDGET_PERIODS,
  BUDGET_SCOPES,
  BUDGET_UNITS,
  type BudgetPeriod,
  type BudgetScope,
  type BudgetUnit,
} from '../budget';

const MAX_ID = Number.MAX_SAFE_INTEGER;
/** Of tokens or dollars. */
const MAX_LIMIT = 1_000_000_000;
const SMALLEST_LIMIT = 0.000_001;
const NOT_BLANK = /\S/;

/** `undefined` leaves a field as it is; null is refused. */
const isGiven = (_dto: unknown, value: unknown): boolean => value !== undefined;

export class CreateBudgetDto {
  /** What people call it, 1–100 characters.
   * @example "Support, per month" */
  @IsString()
  @Length(1, 100)
  @Matches(NOT_BLANK, { message: 'name must not be blank' })
  name: string;

  /** The workspace whose calls count; your personal one when left out. You must be one of its owners.
   * @example 1 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  workspace_id?: number | null;

  /** Whose calls count: everybody's in the workspace; those of a user; those with a persona.
   * @example workspace */
  @IsIn(BUDGET_SCOPES)
  scope: BudgetScope;

  /** For the scope `user`: this member. Without it each user has this budget for themselves. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  user_id?: number | null;

  /** For the scope `persona`: a persona of the workspace. */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  persona_id?: number | null;

  /** What is counted.
   * @example usd */
  @IsIn(BUDGET_UNITS)
  unit: BudgetUnit;

  /** The most that may be used in a period: tokens (a whole number), or US dollars with up to six decimals.
   * @example 25.5 */
  @HasDecimals(6)
  @Min(SMALLEST_LIMIT)
  @Max(MAX_LIMIT)
  limit: number;

  /** How long until it begins anew.
   * @example month */
  @IsIn(BUDGET_PERIODS)
  period: BudgetPeriod;

  /** Where the day, or the first of the month, begins: a name of the IANA database. UTC when left out.
   * @example Europe/Berlin */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  time_zone?: string | null;

  /** Whether messages are refused when it is used up (the default), or it only tells.
   * @example true */
  @IsOptional()
  @IsBoolean()
  is_hard?: boolean | null;

  /** Share of the limit, in percent, at which the log and the webhook are told; 80 when left out, null: never.
   * @example 80 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  alert_at_percent?: number | null;

  /** Who is told, by POST: an https URL on the public internet.
   * @example https://hooks.example.com/budgets */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  webhook_url?: string | null;
}

/** What is left out stays as it is. */
export class ChangeBudgetDto {
  /** 1–100 characters.
   * @example "Support, per month" */
  @ValidateIf(isGiven)
  @IsString()
  @Length(1, 100)
  @Matches(NOT_BLANK, { message: 'name must not be blank' })
  name?: string;

  /** In the budget's unit. It counts at once, for the running period too.
   * @example 50 */
  @ValidateIf(isGiven)
  @HasDecimals(6)
  @Min(SMALLEST_LIMIT)
  @Max(MAX_LIMIT)
  limit?: number;

  /** Whether messages are refused when it is used up.
   * @example true */
  @ValidateIf(isGiven)
  @IsBoolean()
  is_hard?: boolean;

  /** In percent; null: never told.
   * @example 90 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  alert_at_percent?: number | null;

  /** A new URL gets a new secret; null: nobody is told any more.
   * @example https://hooks.example.com/budgets */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  webhook_url?: string | null;
}

export class ListBudgetsQueryDto extends PageQueryDto {
  /** Only those of one workspace, which you must own.
   * @example 1 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  workspace_id?: number;
}

export class ListBudgetUsesQueryDto extends LimitQueryDto {
  /** Lines to leave out, 0–10,000.
   * @example 0 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(10_000)
  offset?: number = 0;
}
