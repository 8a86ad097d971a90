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

const MAX_TRIGGERS = 20;
const MAX_ALLOWED_CHANNELS = 200;
const MAX_PROMPTS = 50;
const MAX_PROMPT = 4000;
const MAX_CONTEXT_POSTS = 100;
const MAX_PROVIDERS = 5;
const MAX_PROVIDER_URL = 1000;
/** Names as Mattermost allows them in addresses; no id has a slash. @see https://github.com/mattermost/mattermost/blob/master/server/public/model/channel.go */
const PLACE = /^(?:[a-z0-9]{26}|[a-z0-9][a-z0-9_-]{0,63}\/[a-z0-9_.-]{1,64})$/i;
const PLACE_MESSAGE =
  '$property must be the id of a channel at Mattermost (26 letters and digits) or team/channel-name';

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

export class ChannelPromptDto {
  /** Id of a channel at Mattermost, or `team/channel-name`.
   * @example engineering/releases */
  @IsString()
  @Matches(PLACE, { message: PLACE_MESSAGE })
  channel: string;

  /** Up to 4,000 characters.
   * @example You help with releases. */
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_PROMPT)
  prompt: string;
}

export class ContextProviderDto {
  /** What the model sees it as: up to 40 letters, digits, spaces, `-` and `_`.
   * @example weather */
  @IsString()
  @Matches(/^[\p{L}\p{N}][\p{L}\p{N} _-]{0,39}$/u, {
    message: 'name must be up to 40 letters, digits, spaces, - and _',
  })
  name: string;

  /** Asked with GET; `{text}`, `{user}` and `{channel}` are filled in. On the public internet only.
   * @example https://example.com/weather?q={text} */
  @IsString()
  @Matches(/^https?:\/\/[^\s/@{}]+(?:[/?][^\s]*)?$/i, {
    message: 'url must be an http or https URL without a user in it, and with placeholders behind the host only',
  })
  @MaxLength(MAX_PROVIDER_URL)
  url: string;

  /** 100–10,000 milliseconds; 3,000 unless you say otherwise.
   * @example 3000 */
  @ValidateIf(isGiven)
  @IsInt()
  @Min(100)
  @Max(10_000)
  timeout_ms?: number;

  /** For how long a result is used again, 0–3,600 seconds; 60 unless you say otherwise.
   * @example 60 */
  @ValidateIf(isGiven)
  @IsInt()
  @Min(0)
  @Max(3600)
  cache_seconds?: number;

  /** Whether `credentials.context_token` goes along as `Authorization: Bearer`.
   * @example false */
  @ValidateIf(isGiven)
  @IsBoolean()
  send_token?: boolean;
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

  /** Messages of one person per minute that are answered, 1–10,000; more are left unanswered, unless people have the conversation.
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

  /** Mattermost only, as all that follows: words that a post for the bot begins with, up to 20 of up to 40 characters. Its own @name always counts, too.
   * @example ["@aibot", "ai:"] */
  @ValidateIf(isGiven)
  @Transform(trimmedEach)
  @IsArray()
  @ArrayMaxSize(MAX_TRIGGERS)
  @ArrayUnique()
  @IsString({ each: true })
  @MinLength(1, { each: true })
  @MaxLength(MAX_WORD_LENGTH, { each: true })
  triggers?: string[];

  /** Channels at Mattermost in which the bot answers, by id or `team/channel-name`, up to 200; empty: in all.
   * @example [] */
  @ValidateIf(isGiven)
  @Transform(trimmedEach)
  @IsArray()
  @ArrayMaxSize(MAX_ALLOWED_CHANNELS)
  @ArrayUnique()
  @IsString({ each: true })
  @Matches(PLACE, { each: true, message: PLACE_MESSAGE })
  allowed_channels?: string[];

  /** System prompts of single channels at Mattermost, up to 50. */
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(MAX_PROMPTS)
  @ArrayUnique(({ channel }: ChannelPromptDto) => channel)
  @ValidateNested({ each: true })
  @Type(() => ChannelPromptDto)
  channel_prompts?: ChannelPromptDto[];

  /** How many earlier posts of the channel or thread the model gets, 0–100.
   * @example 20 */
  @ValidateIf(isGiven)
  @IsInt()
  @Min(0)
  @Max(MAX_CONTEXT_POSTS)
  context_posts?: number;

  /** Lookups over HTTP whose results the model gets as data, up to 5. */
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMaxSize(MAX_PROVIDERS)
  @ArrayUnique(({ name }: ContextProviderDto) => name)
  @ValidateNested({ each: true })
  @Type(() => ContextProviderDto)
  context_providers?: ContextProviderDto[];

  /** The Mattermost server may be on a private network, and be asked over http. Concerns that server only, never context providers.
   * @example false */
  @ValidateIf(isGiven)
  @IsBoolean()
  allow_private_network?: boolean;
}

/** Only what was given: what is not there is not stored. */
export const toSettings = (dto: ChannelSettingsDto): Partial<ChannelSettings> =>
  Object.fromEntries(Object.entries(dto).filter(([, value]) => value !== undefined));
