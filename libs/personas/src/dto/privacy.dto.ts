import { singleLine } from '@app/kernel';
import { Transform, type TransformFnParams } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
} from 'class-validator';
import { type AnswerCaching, PII_TYPES, type PiiRedaction, type PiiType } from '../privacy';

const eachOnOneLine = ({ value }: TransformFnParams): unknown =>
  Array.isArray(value) ? value.map((item: unknown) => (typeof item === 'string' ? singleLine(item) : item)) : value;

/** What is replaced by placeholders before anything that users said goes to the upstream; replies are turned back. */
export class PiiRedactionDto {
  /** Kinds of personal data to find by their form. Without it: all of them.
   * @example ["email", "phone", "card", "iban"] */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(PII_TYPES.length)
  @ArrayUnique()
  @IsIn(PII_TYPES, { each: true })
  types?: PiiType[];

  /** Up to 100 words or phrases of 2 to 100 characters, found in any case where they stand as whole words.
   * @example ["Project Falcon"] */
  @Transform(eachOnOneLine)
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(2, 100, { each: true })
  // Nothing but punctuation would be found everywhere, or nowhere.
  @Matches(/[\p{L}\p{N}]/u, { each: true, message: 'custom must be words or phrases with a letter or a digit' })
  custom?: string[];
}

export const toPiiRedaction = ({ types, custom }: PiiRedactionDto): PiiRedaction => ({
  // Null counts as left out.
  types: PII_TYPES.filter((type) => (types ?? PII_TYPES).includes(type)),
  custom: [...(custom ?? [])],
});

/** Answers to identical requests are given again, without asking the upstream. */
export class AnswerCacheDto {
  /** Seconds for which an answer may be given again: 1 to 2,592,000 (30 days). Being given again does not extend it.
   * @example 3600 */
  @IsInt()
  @Min(1)
  @Max(2_592_000)
  ttl_seconds: number;

  /** Also to other users whose request is identical; only while the persona is visible to its workspace.
   * @example false */
  @IsOptional()
  @IsBoolean()
  is_shared?: boolean;
}

export const toAnswerCaching = ({ ttl_seconds, is_shared }: AnswerCacheDto): AnswerCaching => ({
  ttlSeconds: ttl_seconds,
  isShared: is_shared ?? false,
});

/** The settings of redaction as they are stored. */
export class PiiRedactionResponse {
  /** @example ["email", "phone", "card", "iban"] */
  types: PiiType[];

  /** @example ["Project Falcon"] */
  custom: string[];
}

/** The settings of the answer cache as they are stored. */
export class AnswerCacheResponse {
  /** @example 3600 */
  ttl_seconds: number;

  /** @example false */
  is_shared: boolean;

  static from(caching: AnswerCaching): AnswerCacheResponse {
    return { ttl_seconds: caching.ttlSeconds, is_shared: caching.isShared };
  }
}
