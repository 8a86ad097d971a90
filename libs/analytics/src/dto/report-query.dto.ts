import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { GROUPS, type Group } from '../persistence/figures.sql';
import { INTERVALS, type Interval } from '../time/points';

const MAX_ID = Number.MAX_SAFE_INTEGER;
/** A day, or a moment; without an offset it is meant in the time zone of the request. */
const MOMENT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;
const MOMENT_HINT = 'must be a day such as 2026-11-01 or a moment such as 2026-11-01T09:00:00Z (write + as %2B)';

export const SCOPES = ['me', 'workspace', 'instance'] as const;
export type Scope = (typeof SCOPES)[number];

/** What every report can be asked for. */
export class ReportQueryDto {
  /** Whose calls: `me` (the default), `workspace` (with `workspace_id`; its owners only) or `instance` (everything; instance admins only).
   * @example me */
  @IsOptional()
  @IsIn(SCOPES)
  scope?: Scope;

  /** The workspace that the personas belong to. With it the scope is `workspace`. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  workspace_id?: number;

  /** The beginning, which is part of the range. A day means its midnight in `time_zone`. Default: 29 days before today.
   * @example 2026-11-01 */
  @IsOptional()
  @Matches(MOMENT, { message: `from ${MOMENT_HINT}` })
  from?: string;

  /** The end, which is not part of the range. Default: now. At most ten years after `from`. */
  @IsOptional()
  @Matches(MOMENT, { message: `to ${MOMENT_HINT}` })
  to?: string;

  /** The length of the points of `series`. `none`: one point, the whole range. At most 1,000 points.
   * @example day */
  @IsOptional()
  @IsIn(INTERVALS)
  interval?: Interval = 'day';

  /** Where days and months begin: the name of a place in the IANA database, or UTC.
   * @example Europe/Berlin */
  @IsOptional()
  @IsString()
  @MaxLength(60)
  time_zone?: string = 'UTC';

  /** Tells the figures apart by this.
   * @example model */
  @IsOptional()
  @IsIn(GROUPS)
  group_by?: Group;

  /** How many groups are told, those with the highest figures first; the rest is the group `other`. 1–50.
   * @example 10 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(50)
  groups?: number = 10;

  /** Only calls that asked for this model. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  model?: string;

  /** Only calls of this persona. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  persona_id?: number;

  /** Only calls of this user; in the scope `me` that can be nobody else but you. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  user_id?: number;

  /** Only calls of this channel.
   * @example api */
  @IsOptional()
  @IsString()
  @MaxLength(20)
  channel?: string;

  /** `csv` answers with `series` as a table; so does `Accept: text/csv`.
   * @example json */
  @IsOptional()
  @IsIn(['json', 'csv'])
  format?: 'json' | 'csv';
}
