import { LimitQueryDto, OptionalBody } from '@app/platform';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { MAX_USER_ID_LENGTH } from '../visitors/visitor-proof';
import { IsMetadata } from './metadata';

/** As long as a message of a member. */
const MAX_MESSAGE_LENGTH = 32_000;
const MAX_SESSION_ID_LENGTH = 200;
const MAX_TOKEN_LENGTH = 4000;
const MAX_SEQ = 2_147_483_647;

@OptionalBody()
export class BeginSupportSessionDto {
  /** What your site calls the visitor, up to 255 characters. Without `userHash` or `userToken` it proves nothing and is only kept with the session.
   * @example user123 */
  @IsOptional()
  @IsString()
  @Length(1, MAX_USER_ID_LENGTH)
  userId?: string;

  /** HMAC-SHA256 of `user:` and the `userId` (such as `user:user123`) with the identity secret of the support chat, as 64 hexadecimal digits: your server vouches
   * for this visitor.
   * @example 6b1f0c4f5bd28dc0f2ba1bc37f9a1d4b7f9c6a6c0f3a2e1d0c9b8a7f6e5d4c3b */
  @IsOptional()
  @IsString()
  @Matches(/^[0-9a-fA-F]{64}$/, { message: 'userHash must be 64 hexadecimal digits' })
  userHash?: string;

  /** Instead of `userHash`: a JSON Web Token (HS256) of your server, signed with the identity secret. `sub` is the visitor, `exp` at most 24 hours away;
   * `name` and `email` are kept in the metadata, and told to the persona. */
  @IsOptional()
  @IsString()
  @Length(1, MAX_TOKEN_LENGTH)
  userToken?: string;

  /** What your site wants to keep with the session, encrypted: a JSON object of at most 16 KiB and 6 levels.
   * @example {} */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IsOptional()
  @IsMetadata()
  metadata?: Record<string, unknown>;

  /** Which support chat you mean, if not in the header `X-Parley-Key`.
   * @example pk_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAA */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  publicKey?: string;
}

export class SupportMessageDto {
  /** The session's id.
   * @example ss_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAA */
  @IsString()
  @Length(1, MAX_SESSION_ID_LENGTH)
  sessionId: string;

  /** What the visitor says, 1–32,000 characters.
   * @example "Hello, I need help with my order" */
  @IsString()
  @Matches(/\S/, { message: 'message must not be blank' })
  @MaxLength(MAX_MESSAGE_LENGTH)
  message: string;

  /** What your site calls the visitor. It changes nothing: the session says who it is.
   * @example user123 */
  @IsOptional()
  @IsString()
  @Length(1, MAX_USER_ID_LENGTH)
  userId?: string;
}

export class SupportHistoryQueryDto extends LimitQueryDto {
  /** Only messages after this seq: what is new. Not together with `beforeSeq`. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MAX_SEQ)
  afterSeq?: number;

  /** Only messages before this seq: the page before. Not together with `afterSeq`. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_SEQ)
  beforeSeq?: number;
}
