import { ESCALATION_STATUSES, type EscalationStatus } from '@app/contracts';
import { MAX_MESSAGE_LENGTH } from '@app/conversations';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
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
} from 'class-validator';

const MAX_ID = Number.MAX_SAFE_INTEGER;
const MAX_SEQ = 2_147_483_647;
const MAX_NAME = 60;
const MAX_NOTE = 4_000;
const MAX_TAGS = 20;
const MAX_SKILLS = 50;
const MAX_CAPACITY = 1_000;
const ID_OR_ME = /^(me|none|[1-9][0-9]{0,15})$/;

const trimmed = ({ value }: { value: unknown }): unknown => (typeof value === 'string' ? value.trim() : value);
const trimmedEach = ({ value }: { value: unknown }): unknown =>
  Array.isArray(value) ? value.map((item: unknown) => (typeof item === 'string' ? item.trim() : item)) : value;
const asBoolean = ({ value }: { value: unknown }): unknown =>
  value === 'true' ? true : value === 'false' ? false : value;

export class PageQueryDto {
  /** How many, 1–200; 50 unless you say otherwise.
   * @example 50 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;

  /** `next_cursor` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  cursor?: string;
}

export class OfWorkspaceQueryDto extends PageQueryDto {
  /** The team's workspace.
   * @example 1 */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  workspace_id: number;
}

export class ListEscalationsQueryDto extends OfWorkspaceQueryDto {
  /** `open` (waits for a person), `claimed`, `resolved` or `returned` (to the AI); all without it.
   * @example open */
  @IsOptional()
  @IsIn(ESCALATION_STATUSES)
  status?: EscalationStatus;

  /** `newest` first; `queue`: those that are open, in the order in which they are to be taken (priority, then age).
   * @example queue */
  @IsOptional()
  @IsIn(['newest', 'queue'])
  order?: 'newest' | 'queue';

  /** `me`, `none` or a user's number.
   * @example me */
  @IsOptional()
  @Matches(ID_OR_ME, { message: 'assigned_to must be me, none or the number of a user' })
  assigned_to?: string;

  /** @example billing */
  @IsOptional()
  @IsString()
  @MaxLength(MAX_NAME)
  skill?: string;

  /** @example vip */
  @IsOptional()
  @IsString()
  @MaxLength(MAX_NAME)
  tag?: string;

  /** Kind of the first trigger, such as `keyword`, or `manual`.
   * @example keyword */
  @IsOptional()
  @IsString()
  @MaxLength(40)
  reason?: string;

  /** Nobody had taken it in time.
   * @example true */
  @IsOptional()
  @Transform(asBoolean)
  @IsBoolean()
  overdue?: boolean;

  /** Those of one conversation.
   * @example 1 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  conversation_id?: number;
}

export class EscalationMessagesQueryDto {
  /** How many, 1–200; 50 unless you say otherwise.
   * @example 50 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit?: number;

  /** Only messages before this place.
   * @example 51 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_SEQ)
  before_seq?: number;

  /** Only messages after this place; not together with `before_seq`.
   * @example 10 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MAX_SEQ)
  after_seq?: number;
}

export class StartEscalationDto {
  /** Your own conversation; or as somebody of the team, one with a visitor.
   * @example 1 */
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  conversation_id: number;

  /** Why, for the team; up to 300 characters.
   * @example "I would like to talk to somebody." */
  @IsOptional()
  @Transform(trimmed)
  @IsString()
  @MaxLength(300)
  reason?: string | null;
}

export class AssignDto {
  /** Who is to take it: an owner or an agent of the workspace. Null: whoever comes first.
   * @example 2 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  user_id?: number | null;
}

export class TransferDto extends AssignDto {
  /** Whoever gets it is to have this skill; without it, the one it had.
   * @example billing */
  @IsOptional()
  @Transform(trimmed)
  @IsString()
  @Matches(/\S/, { message: 'skill must not be blank' })
  @MaxLength(MAX_NAME)
  skill?: string | null;

  /** For whoever gets it, up to 4,000 characters.
   * @example "Wants an invoice for last year." */
  @IsOptional()
  @IsString()
  @MaxLength(MAX_NOTE)
  note?: string | null;
}

export class AgentReplyDto {
  /** What the customer reads, 1–32,000 characters.
   * @example "Good morning, I am Dana. Let me look at your order." */
  @IsString()
  @Matches(/\S/, { message: 'content must not be blank' })
  @MaxLength(MAX_MESSAGE_LENGTH)
  content: string;
}

export class NoteDto {
  /** For the team only, 1–4,000 characters.
   * @example "Called the warehouse: the parcel is on its way." */
  @IsString()
  @Matches(/\S/, { message: 'content must not be blank' })
  @MaxLength(MAX_NOTE)
  content: string;
}

export class TagsDto {
  /** All tags that it is to have, at most 20.
   * @example ["vip", "delivery"] */
  @Transform(trimmedEach)
  @IsArray()
  @ArrayMaxSize(MAX_TAGS)
  @ArrayUnique()
  @IsString({ each: true })
  @Matches(/\S/, { each: true, message: 'tags must not be blank' })
  @MaxLength(MAX_NAME, { each: true })
  tags: string[];
}

export class EndEscalationDto {
  /** For the team, up to 4,000 characters.
   * @example "Refunded." */
  @IsOptional()
  @IsString()
  @MaxLength(MAX_NOTE)
  note?: string | null;
}

export class RatingDto {
  /** 1 (poor) to 5 (very good).
   * @example 5 */
  @IsInt()
  @Min(1)
  @Max(5)
  rating: number;

  /** Up to 2,000 characters.
   * @example "Quick and friendly." */
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  comment?: string | null;
}

export class AgentDto {
  /** @example 1 */
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  workspace_id: number;

  /** What waits is assigned only to people who are available. False for somebody new.
   * @example true */
  @IsOptional()
  @IsBoolean()
  is_available?: boolean;

  /** So many at a time are assigned by the program, 0–1,000; 5 for somebody new. Taking more by hand is allowed.
   * @example 5 */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(MAX_CAPACITY)
  capacity?: number;

  /** What they know, at most 50 words; an escalation that asks for a skill is assigned to whoever has it.
   * @example ["billing", "german"] */
  @IsOptional()
  @Transform(trimmedEach)
  @IsArray()
  @ArrayMaxSize(MAX_SKILLS)
  @ArrayUnique()
  @IsString({ each: true })
  @Matches(/\S/, { each: true, message: 'skills must not be blank' })
  @MaxLength(MAX_NAME, { each: true })
  skills?: string[];
}

export class OfWorkspaceOnlyQueryDto {
  /** Your personal one unless you say otherwise.
   * @example 1 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  workspace_id?: number;
}
