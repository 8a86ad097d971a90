import { PageQueryDto } from '@app/platform';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';
import { ISO_TIME, ISO_TIME_TEXT } from './price-fields';

export class RequestReRatingDto {
  /** Calls that started then or later; from 2020 on.
   * @example 2026-11-01T00:00:00Z */
  @IsString()
  @Matches(ISO_TIME, { message: `from ${ISO_TIME_TEXT}` })
  from: string;

  /** Calls that started before; without it there is no end.
   * @example 2026-12-01T00:00:00Z */
  @IsOptional()
  @IsString()
  @Matches(ISO_TIME, { message: `to ${ISO_TIME_TEXT}` })
  to?: string | null;

  /** Only calls of these models, at most 200; snapshots (`gpt-6-luna-2026-05-12`) belong to their model. Without it: all.
   * @example ["gpt-6-luna"] */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @IsString({ each: true })
  @Length(1, 200, { each: true })
  models?: string[];

  /** Why, for those who read the audit; up to 500 characters.
   * @example "Prices of October were missing." */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  reason?: string | null;
}

export class ListReRatingsQueryDto extends PageQueryDto {}
