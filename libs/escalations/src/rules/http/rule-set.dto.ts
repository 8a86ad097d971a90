import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { BusinessHoursDto } from './business-hours.dto';
import {
  AreNotTooMany,
  AreWords,
  IsTextByLanguage,
  IsWordsByLanguage,
  MAX_TEXT_LENGTH,
  MAX_WORDS,
} from './by-language';

const NOT_BLANK = /\S/;
const MAX_PROMISE_S = 7 * 24 * 3600;

/** `undefined` means the default; null is refused. */
const isGiven = (_dto: unknown, value: unknown): boolean => value !== undefined;

export class KeywordRuleDto {
  /** @example true */
  @ValidateIf(isGiven)
  @IsBoolean()
  enabled?: boolean;

  /** Words or phrases that count in every language, up to 500 of up to 100 characters. Whole words: `urgent` is not in `insurgent`; case and accents do not
   * matter; `refund*` also stands for `refunds` and `refunding`. Nothing else is a pattern. Left out with `by_language`: the words of the installation.
   * @example ["urgent", "refund*", "legal action"] */
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(MAX_WORDS)
  @IsString({ each: true })
  @AreWords()
  words?: string[];

  /** Words that count in messages of one language only (two letters), and where a message's language is not clear.
   * @example {"de": ["dringend", "Anwalt"], "fr": ["avocat"]} */
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'array', items: { type: 'string' } } })
  @ValidateIf(isGiven)
  @IsWordsByLanguage()
  by_language?: Record<string, string[]>;

  /** Phrases in which a word does not count. Left out: `not urgent`, `user agent` and others.
   * @example ["not urgent", "travel agent"] */
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(MAX_WORDS)
  @IsString({ each: true })
  @AreWords()
  except?: string[];
}

export class StreakRuleDto {
  /** Replies in a row, 2–20.
   * @example 3 */
  @IsInt()
  @Min(2)
  @Max(20)
  turns: number;

  /** 0–1: each of them less sure than this.
   * @example 0.7 */
  @IsNumber()
  @Min(0)
  @Max(1)
  below: number;
}

export class SentimentRuleDto {
  /** @example true */
  @ValidateIf(isGiven)
  @IsBoolean()
  enabled?: boolean;

  /** -1 (as bad as it gets) to 0: a message at or below it counts. -0.6 unless you say otherwise.
   * @example -0.6 */
  @ValidateIf(isGiven)
  @IsNumber()
  @Min(-1)
  @Max(0)
  threshold?: number;
}

export class CustomerTextDto {
  /** Up to 1,000 characters.
   * @example "A colleague takes over. Please stay with us." */
  @IsString()
  @Length(1, MAX_TEXT_LENGTH)
  @Matches(NOT_BLANK, { message: 'text must not be blank' })
  text: string;

  /** The same in other languages (two letters).
   * @example {"de": "Eine Kollegin übernimmt. Bitte bleiben Sie dran."} */
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' } })
  @ValidateIf(isGiven)
  @IsTextByLanguage()
  by_language?: Record<string, string>;
}

/** Null, or left out: the text that Parley brings along. */
export class CustomerTextsDto {
  /** When a person is to take over. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => CustomerTextDto)
  hand_off?: CustomerTextDto | null;

  /** When the AI goes on. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => CustomerTextDto)
  return?: CustomerTextDto | null;

  /** Instead of `hand_off` when nobody is there. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => CustomerTextDto)
  outside_hours?: CustomerTextDto | null;

  /** When the matter is settled. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => CustomerTextDto)
  ended?: CustomerTextDto | null;
}

/** When people take over, and how. What is left out gets its default. */
export class RuleSetDto {
  /** What a customer says. All words together have up to 50,000 characters. */
  @ValidateIf(isGiven)
  @IsObject()
  @AreNotTooMany()
  @ValidateNested()
  @Type(() => KeywordRuleDto)
  keywords?: KeywordRuleDto;

  /** 0–1: a reply of which the model is less sure brings a person in. 0.5 unless you say otherwise; null: never.
   * @example 0.5 */
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(1)
  confidence_below?: number | null;

  /** A turn that failed brings a person in. True unless you say otherwise.
   * @example true */
  @ValidateIf(isGiven)
  @IsBoolean()
  technical_errors?: boolean;

  /** The model may ask for a person. True unless you say otherwise.
   * @example true */
  @ValidateIf(isGiven)
  @IsBoolean()
  model_decides?: boolean;

  /** A customer who asks for a person in plain words gets one. True unless you say otherwise.
   * @example true */
  @ValidateIf(isGiven)
  @IsBoolean()
  human_request?: boolean;

  /** Several unsure replies in a row bring a person in; null, or left out: they do not. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => StreakRuleDto)
  low_confidence_streak?: StreakRuleDto | null;

  /** A message that sounds badly enough brings a person in; null, or left out: it does not. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => SentimentRuleDto)
  sentiment?: SentimentRuleDto | null;

  /** People answer from the first message on. False unless you say otherwise.
   * @example false */
  @ValidateIf(isGiven)
  @IsBoolean()
  human_first?: boolean;

  /** When people are there; null, or left out: always. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => BusinessHoursDto)
  business_hours?: BusinessHoursDto | null;

  /** When nobody is there, conversations wait for people (the default), or the AI goes on alone and nothing is handed over.
   * @example queue */
  @ValidateIf(isGiven)
  @IsIn(['queue', 'ai_only'])
  outside_hours?: 'queue' | 'ai_only';

  /** Only people with this skill are given the conversation, up to 60 characters; null, or left out: anybody.
   * @example billing */
  @IsOptional()
  @IsString()
  @MaxLength(60)
  @Matches(NOT_BLANK, { message: 'skill must not be blank' })
  skill?: string | null;

  /** 0–3, and 3 comes first. 0 unless you say otherwise.
   * @example 0 */
  @ValidateIf(isGiven)
  @IsInt()
  @Min(0)
  @Max(3)
  priority?: number;

  /** Until somebody takes it, the AI goes on answering (the default), or is silent.
   * @example ai_answers */
  @ValidateIf(isGiven)
  @IsIn(['ai_answers', 'silent'])
  while_waiting?: 'ai_answers' | 'silent';

  /** What the customer is told. */
  @ValidateIf(isGiven)
  @IsObject()
  @ValidateNested()
  @Type(() => CustomerTextsDto)
  texts?: CustomerTextsDto;

  /** Seconds until a person's first words are due, up to a week; null, or left out: no promise.
   * @example 300 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_PROMISE_S)
  first_reply_within_s?: number | null;

  /** The customer is asked how it was. False unless you say otherwise.
   * @example true */
  @ValidateIf(isGiven)
  @IsBoolean()
  csat?: boolean;
}
