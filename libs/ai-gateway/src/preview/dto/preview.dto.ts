import { SendMessageDto } from '@app/conversations';
import { PersonaContentDto } from '@app/personas';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { plainToInstance, Transform, type TransformFnParams, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

/** More would be cut by `MAX_CONVERSATION_HISTORY` and the token budget anyway. */
const MAX_HISTORY = 50;
const MAX_LENGTH = 32_000;
/** PostgreSQL's integer, the type of version numbers. */
const MAX_VERSION = 2_147_483_647;

export class PreviewMessageDto {
  /** Who said it.
   * @example user */
  @IsIn(['user', 'assistant'])
  role: 'user' | 'assistant';

  /** 1–32,000 characters.
   * @example "Do you open on Sundays?" */
  @IsString()
  @Matches(/\S/, { message: 'content must not be blank' })
  @MaxLength(MAX_LENGTH)
  content: string;
}

/** What is no object becomes an empty one, which is refused under its place: class-transformer would look into lists of lists. */
const eachAsMessage = ({ obj, key }: TransformFnParams): unknown => {
  const messages = (obj as Record<string, unknown>)[key];
  if (!Array.isArray(messages)) return messages;
  return messages.map((message: unknown) => {
    const isObject = typeof message === 'object' && message !== null && !Array.isArray(message);
    return plainToInstance(PreviewMessageDto, isObject ? message : {});
  });
};

/** A message that is answered and forgotten. */
export class PreviewPersonaDto extends SendMessageDto {
  /** The version that answers, which may be a draft. Without it: the published one.
   * @example 4 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_VERSION)
  version?: number;

  /** Changes of that version that are not saved anywhere: fields as in PATCH /personas/{persona_id}. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => PersonaContentDto)
  changes?: PersonaContentDto;

  /** What was said before, oldest first; up to 50 messages. As of a conversation, only as much of it goes along as the model takes. */
  @ApiPropertyOptional({ type: () => [PreviewMessageDto], maxItems: MAX_HISTORY })
  @Transform(eachAsMessage)
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_HISTORY)
  @ValidateNested({ each: true })
  history?: PreviewMessageDto[];
}
