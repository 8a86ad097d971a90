import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

/** Thirty days: what is settled is kept for so long. */
const MAX_HOURS = 720;

export class ChannelFiguresQueryDto {
  /** How far back, 1–720 hours; 24 unless you say otherwise.
   * @example 24 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_HOURS)
  hours?: number;
}
