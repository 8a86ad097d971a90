import { PageQueryDto } from '@app/platform';
import { singleLine } from '@app/kernel';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, type TransformFnParams, Type } from 'class-transformer';
import {
  IsEmail,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import type { ClientFields } from '../client';
import { IsClientMetadata } from './metadata';

const MAX_ID = Number.MAX_SAFE_INTEGER;
/** Digits, and what people put between them; `ext. 12` and `#12` for extensions. */
const PHONE = /^(?=.*[0-9])[0-9A-Za-z+()./ #*-]+$/;

const onOneLine = ({ value }: TransformFnParams): unknown => (typeof value === 'string' ? singleLine(value) : value);
/** `undefined` leaves a field as it is; null is refused. */
const isGiven = (_dto: unknown, value: unknown): boolean => value !== undefined;

/** What may be left out, and taken away with null. */
class ClientDetailsDto {
  /** At most 320 characters.
   * @example jane@example.com */
  @IsOptional()
  @IsString()
  @MaxLength(320)
  @IsEmail({}, { message: 'email must be an e-mail address' })
  email?: string | null;

  /** 3 to 50 characters.
   * @example "+49 170 1234567" */
  @Transform(onOneLine)
  @IsOptional()
  @IsString()
  @Length(3, 50)
  @Matches(PHONE, { message: 'phone must be a telephone number' })
  phone?: string | null;

  /** What your own system calls this client; 1 to 200 characters, once per workspace.
   * @example crm-4711 */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @Matches(/\S/, { message: 'external_id must not be blank' })
  external_id?: string | null;
}

export class CreateClientDto extends ClientDetailsDto {
  /** 1 to 200 characters, on one line.
   * @example "Jane Doe" */
  @Transform(onOneLine)
  @IsString()
  @Length(1, 200)
  name: string;

  /** Whatever else the persona may know: up to 50 entries, keys up to 100 characters, values up to 1,000 when written down, 16,000 bytes in all.
   * @example {"goal": "run a marathon", "age": 34} */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @ValidateIf(isGiven)
  @IsClientMetadata()
  metadata?: Record<string, unknown>;

  /** A workspace that you are a member of. Without it: your personal workspace.
   * @example 2 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  workspace_id?: number;
}

/** What is left out stays as it is. */
export class UpdateClientDto extends ClientDetailsDto {
  /** 1 to 200 characters, on one line.
   * @example "Jane Doe" */
  @Transform(onOneLine)
  @ValidateIf(isGiven)
  @IsString()
  @Length(1, 200)
  name?: string;

  /** Takes the place of all of the former metadata; bounds as in POST /clients.
   * @example {"goal": "run a marathon", "age": 34} */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @ValidateIf(isGiven)
  @IsClientMetadata()
  metadata?: Record<string, unknown>;
}

export class ListClientsQueryDto extends PageQueryDto {
  /** Only those of one workspace. */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_ID)
  workspace_id?: number;

  /** The whole address, in any case.
   * @example jane@example.com */
  @IsOptional()
  @IsString()
  @Length(1, 320)
  email?: string;

  /** Exactly this one.
   * @example crm-4711 */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  external_id?: string;

  /** Part of the name or of the e-mail address, in any case; 1 to 100 characters. For one page, 10,000 clients of each workspace are looked through: it may
   * have fewer than `limit`, even none, although `has_more` is true.
   * @example jane */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  q?: string;
}

export const toClientFields = (dto: CreateClientDto): ClientFields => ({
  name: dto.name,
  email: dto.email ?? null,
  phone: dto.phone ?? null,
  externalId: dto.external_id ?? null,
  metadata: dto.metadata ?? {},
});

/** Only what was sent. */
export const toClientChanges = (dto: UpdateClientDto): Partial<ClientFields> => ({
  ...(dto.name === undefined ? {} : { name: dto.name }),
  ...(dto.email === undefined ? {} : { email: dto.email }),
  ...(dto.phone === undefined ? {} : { phone: dto.phone }),
  ...(dto.external_id === undefined ? {} : { externalId: dto.external_id }),
  ...(dto.metadata === undefined ? {} : { metadata: dto.metadata }),
});
