import { Type } from 'class-transformer';
import { IsInt, IsObject, IsOptional, IsString, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { IsInstant } from './instant';
import { RuleSetDto } from './rule-set.dto';

const MAX_ID = Number.MAX_SAFE_INTEGER;

export class BacktestDto {
  /** A workspace that you own; your personal one when left out.
   * @example 1 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  workspace_id?: number | null;

  /** Only conversations with this persona of the workspace.
   * @example 1 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  persona_id?: number | null;

  /** The rules to try, for all conversations alike; what is left out of them gets its default. Without any: those that count now, for each conversation its own. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => RuleSetDto)
  rules?: RuleSetDto | null;

  /** Messages from this instant on, ISO 8601 with a time zone.
   * @example 2026-11-01T00:00:00Z */
  @IsOptional()
  @IsInstant()
  from?: string | null;

  /** Messages before this instant.
   * @example 2026-12-01T00:00:00Z */
  @IsOptional()
  @IsInstant()
  to?: string | null;

  /** Messages to look at, 1–200,000; 100,000 when left out.
   * @example 100000 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(200_000)
  max_messages?: number | null;

  /** Hits per page, 1–200; 50 when left out.
   * @example 50 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number | null;

  /** `next_cursor` of the page before, with everything else as it was there. */
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  cursor?: string | null;
}
