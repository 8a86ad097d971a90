import { OptionalBody } from '@app/platform';
import { Transform } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Length, Max, Min, ValidateIf } from 'class-validator';
import { PageQueryDto } from '@app/platform';
import { isGiven, MAX_VERSION, onOneLine } from '../../dto/persona.dto';
import { EXPERIMENT_ARMS, type ExperimentArm } from '../experiment';

export class StartExperimentDto {
  /** What it is about; 1 to 100 characters, on one line.
   * @example "Shorter answers" */
  @Transform(onOneLine)
  @IsString()
  @Length(1, 100)
  name: string;

  /** What is compared with. Without it: the published version.
   * @example 3 */
  @ValidateIf(isGiven)
  @IsInt()
  @Min(1)
  @Max(MAX_VERSION)
  version_a?: number;

  /** What may be better; usually a draft.
   * @example 4 */
  @IsInt()
  @Min(1)
  @Max(MAX_VERSION)
  version_b: number;

  /** Percent of the new conversations that get version B; 1 to 99.
   * @example 50 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(99)
  share_b?: number = 50;
}

@OptionalBody()
export class StopExperimentDto {
  /** The winner, which is published at once. Without it the published version stays.
   * @example b */
  @ValidateIf(isGiven)
  @IsIn(EXPERIMENT_ARMS)
  publish?: ExperimentArm;
}

export class ListExperimentsQueryDto extends PageQueryDto {}
