import { ApiExtraModels, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  ValidateNested,
} from 'class-validator';
import type { ResponseFormat } from '../hosted-tool';
import { CONVERSATION_STATES, type ConversationState } from '../persona';
import { SERVICE_TIERS, type ServiceTier } from '../privacy';
import { IsJsonObject, IsTextPairs } from './bounded-json';
import {
  HOSTED_TOOL_DTOS,
  HOSTED_TOOL_SCHEMA,
  type HostedToolDto,
  toHostedToolDto,
  toolIdentity,
} from './hosted-tool.dto';
import { AnswerCacheDto, PiiRedactionDto } from './privacy.dto';

/** Model names of OpenAI and of compatible servers: `gpt-6-luna`, `ft:gpt-6-luna:org::id`, `meta-llama/Llama-4`, `llama4:8b`. */
export const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._:/@+-]*$/;

const PROMPT_ID = /^[A-Za-z0-9._:-]+$/;

const eachAsTool = ({ obj, key }: TransformFnParams): unknown => {
  const value = (obj as Record<string, unknown>)[key];
  return Array.isArray(value) && value.length <= 100 ? value.map(toHostedToolDto) : value;
};

/** Structured output: answers are JSON that fits a schema. */
export class ResponseFormatDto {
  /** 1 to 64 letters, digits, _ or -.
   * @example ticket */
  @IsString()
  @Matches(/^[A-Za-z0-9_-]{1,64}$/, { message: 'name must be 1 to 64 letters, digits, _ or -' })
  name: string;

  /** A JSON schema of at most 20,000 bytes.
   * @example {"type": "object", "properties": {"topic": {"type": "string"}}, "required": ["topic"], "additionalProperties": false} */
  @ApiProperty({ type: 'object', additionalProperties: true })
  @IsJsonObject(20_000)
  schema: Record<string, unknown>;

  /** The upstream guarantees the fit; it then takes only part of JSON Schema (each object closed, each field required).
   * @example true */
  @IsOptional()
  @IsBoolean()
  strict?: boolean;
}

export const toResponseFormat = ({ name, schema, strict }: ResponseFormatDto): ResponseFormat => ({
  name,
  schema,
  strict: strict ?? false,
});

/** How the persona uses its upstream. Null: the default. */
@ApiExtraModels(...HOSTED_TOOL_DTOS)
export class UpstreamSettingsDto {
  /** Id of a prompt that is stored at the upstream, for servers that know them (OpenAI's shut down on 2026-11-30). Null: the instance's default (`OPENAI_PROMPT_ID`).
   * @example pmpt_68a1c2 */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @Matches(PROMPT_ID, { message: 'openai_prompt_id must be an id, like pmpt_68a1c2' })
  openai_prompt_id?: string | null;

  /** Version of that prompt. Null: the one that is current at the upstream.
   * @example 2 */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  @Matches(PROMPT_ID, { message: 'openai_prompt_version must be a version, like 2' })
  openai_prompt_version?: string | null;

  /** What stands for the variables of that prompt: up to 20 texts of up to 4,000 characters, with names of up to 64.
   * @example {"product": "Parley"} */
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' }, nullable: true })
  @IsOptional()
  @IsTextPairs({ maxPairs: 20, maxKeyLength: 64, maxValueLength: 4_000 })
  openai_prompt_variables?: Record<string, string> | null;

  /** Who keeps the conversation: `stateless` (we send the history each time), `conversation` (the upstream keeps it) or `hybrid` (both). Null: the workspace's default.
   * @example stateless */
  @IsOptional()
  @IsIn(CONVERSATION_STATES)
  conversation_state?: ConversationState | null;

  /** Up to 5 models to try, in this order, when `model` cannot answer.
   * @example ["gpt-6-sol"] */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(5)
  @ArrayUnique()
  @IsString({ each: true })
  @Length(1, 200, { each: true })
  @Matches(MODEL_NAME, { each: true, message: 'fallback_models must be names of models, like gpt-6-sol' })
  fallback_models?: string[] | null;

  /** Up to 10 of the upstream's own tools (`responses` API only): `web_search`, `file_search`, `code_interpreter`, and remote `mcp` servers. No secrets can be stored with them.
   * @example [{"type": "web_search"}] */
  @ApiPropertyOptional({ type: 'array', items: HOSTED_TOOL_SCHEMA, maxItems: 10, nullable: true })
  @Transform(eachAsTool)
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10)
  @ArrayUnique(toolIdentity, { message: 'tools must not name one tool (or one server_label) twice' })
  @ValidateNested({ each: true })
  tools?: HostedToolDto[] | null;

  /** Null: free text. */
  @ApiPropertyOptional({ type: ResponseFormatDto, nullable: true })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ResponseFormatDto)
  response_format?: ResponseFormatDto | null;

  /** Up to 10 pairs (keys up to 64, values up to 512 characters) that the upstream keeps beside its copy of the answers. Nothing personal belongs here.
   * @example {"team": "support"} */
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' }, nullable: true })
  @IsOptional()
  // OpenAI takes 16; the rest is ours.
  @IsTextPairs({ maxPairs: 10, maxKeyLength: 64, maxValueLength: 512 })
  metadata?: Record<string, string> | null;

  /** How fast, and at what price, the upstream answers: `auto`, `default`, `flex` (cheaper, slower) or `priority` (faster, dearer). Null: nothing is sent, so the upstream decides.
   * @example default */
  @IsOptional()
  @IsIn(SERVICE_TIERS)
  service_tier?: ServiceTier | null;

  /** Personal data that the upstream does not get to see. Null: everything is sent as it was written.
   * @example {"types": ["email", "phone", "card", "iban"], "custom": ["Project Falcon"]} */
  @ApiPropertyOptional({ type: PiiRedactionDto, nullable: true })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => PiiRedactionDto)
  pii_redaction?: PiiRedactionDto | null;

  /** Answers to identical requests come from a cache, marked `cached` and free. Null: each message is answered by the upstream.
   * @example {"ttl_seconds": 3600, "is_shared": false} */
  @ApiPropertyOptional({ type: AnswerCacheDto, nullable: true })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => AnswerCacheDto)
  answer_cache?: AnswerCacheDto | null;
}
