import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';

/** About 8,000 tokens: half of the default context budget, so that some history always fits beside it. */
export const MAX_MESSAGE_LENGTH = 32_000;
const MAX_SEQ = 2_147_483_647;

export class SendMessageDto {
  /** What the user says, 1–32,000 characters.
   * @example "Hi Alex! How are you doing today?" */
  @IsString()
  @Matches(/\S/, { message: 'content must not be blank' })
  @MaxLength(MAX_MESSAGE_LENGTH)
  content: string;
}

export class ListMessagesQueryDto {
  /** Messages per page, 1–200.
   * @example 50 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number = 50;

  /** Only messages before this seq: the page before. Not together with `after_seq`. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_SEQ)
  before_seq?: number;

  /** Only messages after this seq: what is new. Not together with `before_seq`. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MAX_SEQ)
  after_seq?: number;

  /** True: also tell what the model is told and people are not, in `system_notes`.
   * @example true */
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  debug?: boolean = false;
}
