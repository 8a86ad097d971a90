import { Type } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, Max, Min, ValidateIf } from 'class-validator';
import { RuleSetDto } from './rule-set.dto';

const MAX_ID = Number.MAX_SAFE_INTEGER;

const isGiven = (_dto: unknown, value: unknown): boolean => value !== undefined;

/** Whose rules. */
export class RulesPlaceQueryDto {
  /** A workspace that you own; your personal one when left out.
   * @example 1 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  workspace_id?: number;

  /** A persona of the workspace; left out: for all of its personas that have no rules of their own.
   * @example 1 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  persona_id?: number;
}

export class SaveRulesDto extends RuleSetDto {
  /** False: nothing is handed over, also where the installation's defaults would. True unless you say otherwise.
   * @example true */
  @ValidateIf(isGiven)
  @IsBoolean()
  is_enabled?: boolean;
}
