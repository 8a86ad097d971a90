import { PageQueryDto } from '@app/platform';
import { ListMessagesQueryDto } from '@app/conversations';
import { singleLine } from '@app/kernel';
import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { Transform, type TransformFnParams, Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';

const MAX_ID = Number.MAX_SAFE_INTEGER;
/** What a prompt has room for. */
const MAX_GOALS = 20;
const MAX_GOAL = 500;

const eachOnOneLine = ({ value }: TransformFnParams): unknown =>
  Array.isArray(value)
    ? value.slice(0, MAX_GOALS + 1).map((item: unknown) => (typeof item === 'string' ? singleLine(item) : item))
    : value;

export class StartSessionDto {
  /** The persona that coaches. GET /personas lists those that you can use.
   * @example 1 */
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  persona_id: number;

  /** Who it is about. A client of the persona's workspace.
   * @example 1 */
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  client_id: number;

  /** What the client wants to reach: up to 20, each of 1 to 500 characters, on one line.
   * @example ["Sleep seven hours", "Say no more often"] */
  @ApiPropertyOptional({ type: [String], maxItems: MAX_GOALS, nullable: true })
  @Transform(eachOnOneLine)
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_GOALS)
  @IsString({ each: true })
  @Length(1, MAX_GOAL, { each: true })
  goals?: string[] | null;
}

export class UpdateSessionDto {
  /** All goals from now on: up to 20, each of 1 to 500 characters, on one line. The next answer knows them.
   * @example ["Sleep seven hours"] */
  @ApiProperty({ type: [String], maxItems: MAX_GOALS })
  @Transform(eachOnOneLine)
  @IsArray()
  @ArrayMaxSize(MAX_GOALS)
  @IsString({ each: true })
  @Length(1, MAX_GOAL, { each: true })
  goals: string[];
}

export class ListSessionMessagesQueryDto extends OmitType(ListMessagesQueryDto, ['debug'] as const) {}

export class ListSessionsQueryDto extends PageQueryDto {
  /** Only sessions of this client.
   * @example 1 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  client_id?: number;

  /** Only sessions with this persona.
   * @example 1 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  persona_id?: number;

  /** Only those that go on, or only those that have ended.
   * @example active */
  @IsOptional()
  @IsIn(['active', 'ended'])
  status?: 'active' | 'ended';
}
