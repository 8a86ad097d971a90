import { PageQueryDto } from '@app/platform';
import { Type } from 'class-transformer';
import { IsBoolean, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min, ValidateIf } from 'class-validator';

const MAX_ID = Number.MAX_SAFE_INTEGER;

export class CreateConversationDto {
  /** The persona to talk to. GET /personas lists those that you can use.
   * @example 1 */
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  persona_id: number;

  /** Without it the title is made of the first message.
   * @example "First Chat with Alex" */
  @IsOptional()
  @IsString()
  @Matches(/\S/, { message: 'title must not be blank' })
  @MaxLength(255)
  title?: string | null;
}

/** `undefined` leaves a field as it is; null is refused. */
const isGiven = (_dto: unknown, value: unknown): boolean => value !== undefined;

export class UpdateConversationDto {
  /** @example "Updated Chat Title" */
  @ValidateIf(isGiven)
  @IsString()
  @Matches(/\S/, { message: 'title must not be blank' })
  @MaxLength(255)
  title?: string;

  /** Another persona of the same workspace; it answers from the next message on.
   * @example 1 */
  @ValidateIf(isGiven)
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  persona_id?: number;

  /** False closes the conversation for new messages.
   * @example true */
  @ValidateIf(isGiven)
  @IsBoolean()
  is_active?: boolean;
}

export class ListConversationsQueryDto extends PageQueryDto {
  /** Only conversations with this persona.
   * @example 1 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  persona_id?: number;
}
