import { LimitQueryDto } from '@app/platform';
import { ApiProperty } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  MinLength,
  registerDecorator,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { CHANNEL_TYPES, type ChannelType } from '../../core/channel';
import { ChannelSettingsDto } from './channel-settings.dto';

const MAX_NAME = 100;
const MAX_CREDENTIALS = 20;
/** Access tokens of Meta have about 250 characters today, and no promised length. */
const MAX_CREDENTIAL_LENGTH = 4000;

const isGiven = (_dto: unknown, value: unknown): boolean => value !== undefined;
const trimmed = ({ value }: { value: unknown }): unknown => (typeof value === 'string' ? value.trim() : value);

/** Texts by name, whichever the adapter wants. */
function isCredentials(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const given = Object.values(value);
  return (
    given.length <= MAX_CREDENTIALS &&
    given.every((text) => typeof text === 'string' && text.length <= MAX_CREDENTIAL_LENGTH)
  );
}

const IsCredentials = (): PropertyDecorator => (target, property) =>
  registerDecorator({
    name: 'isCredentials',
    target: target.constructor,
    propertyName: String(property),
    validator: {
      validate: isCredentials,
      defaultMessage: () =>
        `credentials must be an object of up to ${MAX_CREDENTIALS} texts of up to ${MAX_CREDENTIAL_LENGTH} characters, such as access_token`,
    },
  });

const CREDENTIALS_EXAMPLE = {
  phone_number_id: '106540352242922',
  access_token: 'EAAG0123456789abcdefghij',
  app_secret: '8f2c0e1d2b3a49586f7e8d9c0b1a2f3e',
  verify_token: 'a-word-that-you-choose',
};

export class CreateChannelDto {
  /** Which system.
   * @example whatsapp */
  @ApiProperty({ enum: CHANNEL_TYPES })
  @IsIn(CHANNEL_TYPES)
  type: ChannelType;

  /** For you.
   * @example Support on WhatsApp */
  @Transform(trimmed)
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_NAME)
  name: string;

  /** Who answers there: a persona that is shared in a workspace that you own. The channel belongs to that workspace.
   * @example 1 */
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  persona_id: number;

  /** WhatsApp: `phone_number_id`, `access_token`, `app_secret`, `verify_token`. Instagram: `account_id` in the place of `phone_number_id`. They are encrypted
   * and never shown again. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' }, example: CREDENTIALS_EXAMPLE })
  @IsCredentials()
  credentials: Record<string, string>;

  @ValidateIf(isGiven)
  @IsObject()
  @ValidateNested()
  @Type(() => ChannelSettingsDto)
  settings?: ChannelSettingsDto;

  /** False: nothing is taken in and nothing is sent until it is true. True unless you say otherwise.
   * @example true */
  @ValidateIf(isGiven)
  @IsBoolean()
  is_enabled?: boolean;
}

export class ChangeChannelDto {
  /** @example Support on WhatsApp */
  @ValidateIf(isGiven)
  @Transform(trimmed)
  @IsString()
  @MinLength(1)
  @MaxLength(MAX_NAME)
  name?: string;

  /** Who answers in conversations that begin from now on: a persona that is shared in the channel's workspace.
   * @example 1 */
  @ValidateIf(isGiven)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  persona_id?: number;

  /** Those that are given take the place of the former ones, such as a new `access_token` alone; the account stays the same. */
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    example: { access_token: 'EAAG0123456789abcdefghij' },
    selfRequired: false,
  })
  @ValidateIf(isGiven)
  @IsCredentials()
  credentials?: Record<string, string>;

  @ValidateIf(isGiven)
  @IsObject()
  @ValidateNested()
  @Type(() => ChannelSettingsDto)
  settings?: ChannelSettingsDto;

  /** @example true */
  @ValidateIf(isGiven)
  @IsBoolean()
  is_enabled?: boolean;
}

export class ListChannelsQueryDto extends LimitQueryDto {
  /** A workspace that you own; your own one without it.
   * @example 1 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  workspace_id?: number;

  /** `next_cursor` of the page before. */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  cursor?: string;
}
