import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import type { ChannelSettings } from '../../core/channel';

/** Longer would look like no answer at all. */
const MAX_DEBOUNCE_MS = 30_000;
const MAX_DEBOUNCE_MAX_MS = 120_000;
const MAX_WORDS = 50;
const MAX_WORD_LENGTH = 40;
const MAX_SENDERS = 1000;
const MAX_SENDER_LENGTH = 200;
/** Fits one message of every channel, in UTF-8, too. */
const MAX_OPT_OUT_TEXT = 300;
const MAX_PER_MINUTE = 10_000;
/** @see https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates */
const MAX_TEMPLATE_NAME = 512;

const isGiven = (_dto: unknown, value: unknown): boolean => value !== undefined;
const isGivenAndNotNull = (_dto: unknown, value: unknown): boolean => value !== undefined && value !== null;
const trimmedEach = ({ value }: { value: unknown }): unknown =>
  Array.isArray(value) ? value.map((item: unknown) => (typeof item === 'string' ? item.trim() : item)) : value;

export class ChannelTemplateDto {
  /** As it is called at Meta; one without variables.
   * @example we_are_back */
  @IsString()
  @Matches(/^[a-z0-9_]+$/, { message: 'name must have lower-case letters, digits and underscores only' })
  @MaxLength(MAX_TEMPLATE_NAME)
  name: string;

  /** @example en_US */
  @IsString()
  @Matches(/^[a-z]{2,3}(_[A-Z]{2,4})?$/, { message: 'language must be like en or en_US' })
  language: string;
}

/** What is left out has its default, or stays as it is. */
export class ChannelSettingsDto {
  /** How long a message waits for more from the same person, which are then answered together, 0–30,000 milliseconds; 0: each is answered for itself.
   * @example 1500 */
  @ValidateIf(isGiven)
  @IsInt()
  @Min(0)
  @Max(MAX_DEBOUNCE_MS)
  debounce_ms?: number;

  /** And so long at most after the first of them, 0–120,000 milliseconds; not less than `debounce_ms`.
   * @example 10000 */
  @ValidateIf(isGiven)
  @IsInt()
  @Min(0)
  @Max(MAX_DEBOUNCE_MAX_MS)
  debounce_max_ms?: number;

  /** A message that is one of these, whatever its case and accents, ends all sending to the person. Up to 50.
   * @example ["stop", "unsubscribe"] */
  @ValidateIf(isGiven)
  @Transform(trimmedEach)
  @IsArray()
  @ArrayMaxSize(MAX_WORDS)
  @ArrayUnique()
  @IsString({ each: true })
  @MinLength(1, { each: true })
  @MaxLength(MAX_WORD_LENGTH, { each: true })
  opt_out_words?: string[];

  /** And one of these begins it again. Up to 50.
   * @example ["start"] */
  @ValidateIf(isGiven)
  @Transform(trimmedEach)
  @IsArray()
  @ArrayMaxSize(MAX_WORDS)
  @ArrayUnique()
  @IsString({ each: true })
  @MinLength(1, { each: true })
  @MaxLength(MAX_WORD_LENGTH, { each: true })
  opt_in_words?: string[];

  /** What people are told once when they have opted out, up to 300 characters; null: nothing.
   * @example You will get no more messages from us. Write START if you want them again. */
  @ValidateIf(isGivenAndNotNull)
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_OPT_OUT_TEXT)
  opt_out_text?: string | null;

  /** Messages of one person per minute that are answered, 1–10,000; more are left unanswered.
   * @example 20 */
  @ValidateIf(isGiven)
  @IsInt()
  @Min(1)
  @Max(MAX_PER_MINUTE)
  messages_per_minute?: number;

  /** An approved template of the channel that is sent in the place of a text when Meta's 24 hours have passed; null: then nothing can be sent. */
  @ValidateIf(isGivenAndNotNull)
  @IsObject()
  @ValidateNested()
  @Type(() => ChannelTemplateDto)
  template?: ChannelTemplateDto | null;

  /** What somebody of yours writes from the phone or the app stops the AI in that conversation.
   * @example true */
  @ValidateIf(isGiven)
  @IsBoolean()
  stop_ai_on_echo?: boolean;

  /** Only these people are answered, by their number or id in the channel, up to 1,000; empty: all. For trying out.
   * @example [] */
  @ValidateIf(isGiven)
  @Transform(trimmedEach)
  @IsArray()
  @ArrayMaxSize(MAX_SENDERS)
  @ArrayUnique()
  @IsString({ each: true })
  @MinLength(1, { each: true })
  @MaxLength(MAX_SENDER_LENGTH, { each: true })
  allowed_senders?: string[];
}

/** Only what was given: what is not there is not stored. */
export const toSettings = (dto: ChannelSettingsDto): Partial<ChannelSettings> =>
  Object.fromEntries(Object.entries(dto).filter(([, value]) => value !== undefined));
