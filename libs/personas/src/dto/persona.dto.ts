import { singleLine } from '@app/kernel';
import { OptionalBody, PageQueryDto } from '@app/platform';
import { Transform, type TransformFnParams } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { VISIBILITIES, type Visibility } from '../persona';
import { RELATIONSHIP_TYPES, type RelationshipType } from '../relationship';
import { MODEL_NAME, UpstreamSettingsDto } from './upstream-settings.dto';

const MAX_ID = Number.MAX_SAFE_INTEGER;
/** PostgreSQL's integer, the type of version numbers. */
export const MAX_VERSION = 2_147_483_647;

export const onOneLine = ({ value }: TransformFnParams): unknown =>
  typeof value === 'string' ? singleLine(value) : value;

/** `undefined` leaves a field as it is; null is refused. */
export const isGiven = (_dto: unknown, value: unknown): boolean => value !== undefined;

/** What may be set, changed and set back to its default (null). */
class PersonaSettingsDto extends UpstreamSettingsDto {
  /** Who the persona is; up to 2,000 characters.
   * @example "An old friend from school who has become a chef." */
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  description?: string | null;

  /** Rules that the model must keep; up to 20,000 characters. Without it (or null): Parley's default, with its privacy boundaries. An empty text means none.
   * @example "Talk about food whenever it fits." */
  @IsOptional()
  @IsString()
  @MaxLength(20_000)
  system_instructions?: string | null;

  /** How to go about a reply; up to 20,000 characters. Without it (or null): Parley's default. An empty text means none.
   * @example "End every reply with a question." */
  @IsOptional()
  @IsString()
  @MaxLength(20_000)
  prompt_template?: string | null;

  /** The model that answers. Null: the instance's default (`OPENAI_MODEL`).
   * @example gpt-6-luna */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @Matches(MODEL_NAME, { message: 'model must be the name of a model, like gpt-6-luna' })
  model?: string | null;

  /** Randomness, from 0 (focused) to 2. Null: the instance's default (`OPENAI_TEMPERATURE`).
   * @example 0.7 */
  @IsOptional()
  @IsNumber({ allowNaN: false, allowInfinity: false })
  @Min(0)
  @Max(2)
  temperature?: number | null;

  /** Longest reply, in tokens; 1 to 128,000. Null: the instance's default (`OPENAI_MAX_TOKENS`).
   * @example 1024 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(128_000)
  max_tokens?: number | null;

  /** A session with it ends when nothing was said for so many milliseconds; 1,000 to 2,592,000,000 (30 days). Null: the instance's default (`SESSION_TIMEOUT`).
   * @example 1800000 */
  @IsOptional()
  @IsInt()
  @Min(1000)
  @Max(2_592_000_000)
  session_timeout_ms?: number | null;
}

export class CreatePersonaDto extends PersonaSettingsDto {
  /** 1 to 100 characters, on one line.
   * @example Alex */
  @Transform(onOneLine)
  @IsString()
  @Length(1, 100)
  name: string;

  /** What the persona is to the person it talks with; it decides how it behaves.
   * @example friend */
  @IsOptional()
  @IsIn(RELATIONSHIP_TYPES)
  relationship_type?: RelationshipType = 'other';

  /** `private`: only you. `workspace`: every member of its workspace can use it.
   * @example private */
  @IsOptional()
  @IsIn(VISIBILITIES)
  visibility?: Visibility = 'private';

  /** A workspace that you are a member of. Without it: your personal workspace.
   * @example 2 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  workspace_id?: number;
}

/** Who a persona shall be. What is left out stays as it is. */
export class PersonaContentDto extends PersonaSettingsDto {
  /** 1 to 100 characters, on one line.
   * @example Alex */
  @Transform(onOneLine)
  @ValidateIf(isGiven)
  @IsString()
  @Length(1, 100)
  name?: string;

  /** What the persona is to the person it talks with; it decides how it behaves.
   * @example friend */
  @ValidateIf(isGiven)
  @IsIn(RELATIONSHIP_TYPES)
  relationship_type?: RelationshipType;
}

/** What is left out stays as it is. */
export class UpdatePersonaDto extends PersonaContentDto {
  /** `private`: only you. `workspace`: every member of its workspace can use it. Changing it makes no version.
   * @example workspace */
  @ValidateIf(isGiven)
  @IsIn(VISIBILITIES)
  visibility?: Visibility;

  /** The `version` that you read. If the persona has another one by now, the answer is 409 and nothing changes.
   * @example 3 */
  @ValidateIf(isGiven)
  @IsInt()
  @Min(1)
  @Max(MAX_VERSION)
  expected_version?: number;
}

/** What is left out is taken from the version that the draft is based on. */
export class CreatePersonaVersionDto extends PersonaContentDto {
  /** The version that it starts from. Without it: the published one.
   * @example 2 */
  @ValidateIf(isGiven)
  @IsInt()
  @Min(1)
  @Max(MAX_VERSION)
  based_on_version?: number;

  /** The `version` that you read. If another one is published by now, the answer is 409 and nothing is made.
   * @example 3 */
  @ValidateIf(isGiven)
  @IsInt()
  @Min(1)
  @Max(MAX_VERSION)
  expected_version?: number;
}

@OptionalBody()
export class PublishVersionDto {
  /** The `version` that you read. If another one is published by now, the answer is 409 and nothing changes.
   * @example 3 */
  @ValidateIf(isGiven)
  @IsInt()
  @Min(1)
  @Max(MAX_VERSION)
  expected_version?: number;
}

export class ListPersonasQueryDto extends PageQueryDto {
  /** Only personas with this relationship.
   * @example friend */
  @IsOptional()
  @IsIn(RELATIONSHIP_TYPES)
  relationship_type?: RelationshipType;

  /** Part of the name, in any case; up to 100 characters.
   * @example ale */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  q?: string;
}

export class ListPersonaVersionsQueryDto extends PageQueryDto {}
