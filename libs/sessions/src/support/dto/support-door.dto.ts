import { Transform, type TransformFnParams } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  registerDecorator,
  ValidateIf,
} from 'class-validator';
import { originPattern } from '../doors/origin-pattern';
import type { SupportDoorSettings } from '../support-door';

const MAX_ORIGINS = 50;
const MAX_ORIGIN_LENGTH = 300;
const MAX_PER_MINUTE = 1_000_000;

const isGiven = (_dto: unknown, value: unknown): boolean => value !== undefined;

const IsOriginList = (): PropertyDecorator => (target, property) =>
  registerDecorator({
    name: 'isOriginList',
    target: target.constructor,
    propertyName: String(property),
    validator: {
      validate: (value) =>
        Array.isArray(value) && value.every((item) => typeof item === 'string' && originPattern(item) !== undefined),
      defaultMessage: () =>
        `${String(property)} must have entries like https://shop.example.com, http://localhost:5173 or https://*.example.com`,
    },
  });

/** The way in which they are compared; what is none stays as it is and is refused. */
const normalised = ({ value }: TransformFnParams): unknown =>
  Array.isArray(value)
    ? value.map((item: unknown) => (typeof item === 'string' ? (originPattern(item) ?? item) : item))
    : value;

export class SupportDoorDto {
  /** Who answers: a persona of this workspace that is shared in it.
   * @example 1 */
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  persona_id: number;

  /** False: nothing can be said until it is true again; within seconds, in all processes. True unless you say otherwise.
   * @example true */
  @ValidateIf(isGiven)
  @IsBoolean()
  is_enabled?: boolean;

  /** Websites whose pages may use the support chat, up to 50. `https://*.example.com` stands for all hosts below it. Empty: pages of this installation only.
   * @example ["https://shop.example.com"] */
  @ValidateIf(isGiven)
  @Transform(normalised)
  @IsArray()
  @ArrayMaxSize(MAX_ORIGINS)
  @IsString({ each: true })
  @MaxLength(MAX_ORIGIN_LENGTH, { each: true })
  @IsOriginList()
  allowed_origins?: string[];

  /** True: only visitors whom your server vouches for. It needs an identity secret.
   * @example false */
  @ValidateIf(isGiven)
  @IsBoolean()
  requires_identity?: boolean;

  /** New sessions of one network per minute; null: what the installation allows, which is never exceeded.
   * @example 20 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_PER_MINUTE)
  sessions_per_minute?: number | null;

  /** Messages of one session per minute; null: what the installation allows, which is never exceeded.
   * @example 20 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_PER_MINUTE)
  messages_per_minute?: number | null;
}

/** A workspace's support chat. */
export class SupportDoorResponse {
  /** @example 1 */
  workspace_id: number;

  /** What your website says in `X-Parley-Key`. It is no secret.
   * @example pk_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAA */
  public_key: string;

  /** @example 1 */
  persona_id: number;

  /** @example true */
  is_enabled: boolean;

  /** False while its persona is deleted or private: then nobody answers, and the chat is closed.
   * @example true */
  is_answered: boolean;

  /** @example ["https://shop.example.com"] */
  allowed_origins: string[];

  /** @example false */
  requires_identity: boolean;

  /** Whether an identity secret was made.
   * @example false */
  has_identity_secret: boolean;

  /** @example null */
  sessions_per_minute: number | null;

  /** @example null */
  messages_per_minute: number | null;

  /** @example 2026-11-21T12:00:00.000Z */
  created_at: string;

  /** @example 2026-11-21T12:00:00.000Z */
  updated_at: string;

  static from(door: SupportDoorSettings): SupportDoorResponse {
    return {
      workspace_id: door.workspaceId,
      public_key: door.publicKey,
      persona_id: door.personaId,
      is_enabled: door.isEnabled,
      is_answered: door.hasPersona,
      allowed_origins: door.allowedOrigins,
      requires_identity: door.requiresIdentity,
      has_identity_secret: door.identitySecret !== null,
      sessions_per_minute: door.sessionsPerMinute,
      messages_per_minute: door.messagesPerMinute,
      created_at: door.createdAt.toISOString(),
      updated_at: door.updatedAt.toISOString(),
    };
  }
}

/** It is shown this once. */
export class IdentitySecretResponse {
  /** What your server signs with. Never put it into a page.
   * @example is_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA */
  identity_secret: string;
}
