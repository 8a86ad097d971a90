import { LimitQueryDto } from '@app/platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { eachAsImage, MessageImageDto } from './message-image.dto';

/** About 8,000 tokens: half of the default context budget, so that some history always fits beside it. */
export const MAX_MESSAGE_LENGTH = 32_000;
/** Of one message, and of one prompt. */
const MAX_IMAGES = 10;
const MAX_SEQ = 2_147_483_647;

export class SendMessageDto {
  /** What the user says, 1–32,000 characters.
   * @example "Hi Alex! How are you doing today?" */
  @IsString()
  @Matches(/\S/, { message: 'content must not be blank' })
  @MaxLength(MAX_MESSAGE_LENGTH)
  content: string;

  /** Up to 10 pictures. What was uploaded may have 20 MB together. In an edit: without it, the old message's pictures stay.
   * @example [{"url": "https://example.com/cat.png"}] */
  @ApiPropertyOptional({ type: () => [MessageImageDto], maxItems: MAX_IMAGES })
  @Transform(eachAsImage)
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_IMAGES)
  @ValidateNested({ each: true })
  images?: MessageImageDto[];
}

/** A user message as it should have been. */
export class EditMessageDto extends SendMessageDto {}

export class FeedbackDto {
  /** What you think of the reply.
   * @example up */
  @IsIn(['up', 'down'])
  rating: 'up' | 'down';

  /** Why, up to 2,000 characters.
   * @example "Just what I needed." */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  comment?: string | null;
}

export class TurnEventsQueryDto {
  /** Number of the last event that you have; only later ones follow. The header `Last-Event-ID`, which browsers send by themselves, wins over it.
   * @example 12 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MAX_SEQ)
  after?: number;
}

const toBoolean = ({ value }: TransformFnParams): unknown =>
  value === 'true' ? true : value === 'false' ? false : value;

export class ListMessagesQueryDto extends LimitQueryDto {
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

  /** Only what is part of the conversation as it is told now: without replaced branches and replies that were regenerated.
   * @example true */
  @IsOptional()
  @Transform(toBoolean)
  @IsBoolean()
  current?: boolean;

  /** True: also tell what the model is told and people are not, in `system_notes`.
   * @example true */
  @IsOptional()
  @Transform(toBoolean)
  @IsBoolean()
  debug?: boolean;
}
