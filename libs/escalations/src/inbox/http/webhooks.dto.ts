import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import {
  WEBHOOK_EVENTS,
  type WebhookDelivery,
  type WebhookEndpoint,
  type WebhookEvent,
} from '../persistence/webhooks.repository';

const isGiven = (_dto: unknown, value: unknown): boolean => value !== undefined;
const iso = (value: Date): string => new Date(value).toISOString();

export class CreateWebhookDto {
  /** You must own it.
   * @example 1 */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  workspace_id: number;

  /** An https address on the public internet; up to 2,000 characters.
   * @example https://example.com/hooks/parley */
  @IsString()
  @MaxLength(2_000)
  url: string;

  /** What it is told.
   * @example ["escalation.created", "escalation.claimed", "escalation.resolved"] */
  @ApiProperty({ enum: WEBHOOK_EVENTS, isArray: true })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(WEBHOOK_EVENTS, { each: true })
  events: WebhookEvent[];
}

export class ChangeWebhookDto {
  /** @example https://example.com/hooks/parley */
  @ValidateIf(isGiven)
  @IsString()
  @MaxLength(2_000)
  url?: string;

  /** @example ["escalation.created"] */
  @ApiProperty({ enum: WEBHOOK_EVENTS, isArray: true, required: false })
  @ValidateIf(isGiven)
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(WEBHOOK_EVENTS, { each: true })
  events?: WebhookEvent[];

  /** False: it is told nothing until it is true again; what was not sent by then is not sent later.
   * @example true */
  @ValidateIf(isGiven)
  @IsBoolean()
  is_enabled?: boolean;
}

/** Where your server is told. */
export class WebhookResponse {
  /** @example 1 */
  id: number;
  /** @example 1 */
  workspace_id: number;
  /** @example https://example.com/hooks/parley */
  url: string;
  /** @example ["escalation.created"] */
  events: string[];
  /** @example true */
  is_enabled: boolean;
  /** Why the program has switched it off.
   * @example null */
  disabled_reason: string | null;
  /** Since then nothing has arrived; after 5 days of that it is switched off. Null: the last one did, or there was none.
   * @example null */
  failing_since: string | null;
  /** @example 2026-11-21T12:00:00.000Z */
  created_at: string;
  /** @example 2026-11-21T12:00:00.000Z */
  updated_at: string;

  static from(endpoint: WebhookEndpoint): WebhookResponse {
    return {
      id: endpoint.id,
      workspace_id: endpoint.workspaceId,
      url: endpoint.url,
      events: endpoint.events,
      is_enabled: endpoint.isEnabled,
      disabled_reason: endpoint.disabledReason,
      failing_since: endpoint.failingSince === null ? null : iso(endpoint.failingSince),
      created_at: iso(endpoint.createdAt),
      updated_at: iso(endpoint.updatedAt),
    };
  }
}

/** With the secret, which is shown this once. */
export class CreatedWebhookResponse extends WebhookResponse {
  /** Signs what is sent, as standardwebhooks.com says.
   * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw */
  secret: string;
}

export class WebhookSecretResponse {
  /** @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw */
  secret: string;
}

export class WebhookListResponse {
  webhooks: WebhookResponse[];
  /** @example false */
  has_more: boolean;
  /** @example null */
  next_cursor: string | null;
}

/** One message to your server. */
export class WebhookDeliveryResponse {
  /** @example 1 */
  id: number;
  /** `webhook-id` of every attempt.
   * @example msg_0b8c1a52-4d0e-4c8e-9a55-3c3a9c0f7e11 */
  message_id: string;
  /** @example escalation.created */
  type: string;
  /** `pending`: is, or will be, sent; `delivered`; `dead`: given up.
   * @example delivered */
  status: 'pending' | 'delivered' | 'dead';
  /** @example 1 */
  attempts: number;
  /** When it is sent next, while it is pending.
   * @example null */
  next_attempt_at: string | null;
  /** Status of the last answer that was no success.
   * @example null */
  last_status: number | null;
  /** @example null */
  last_error: string | null;
  /** @example 2026-11-21T12:00:00.000Z */
  created_at: string;
  /** @example 2026-11-21T12:00:01.000Z */
  delivered_at: string | null;

  static from(delivery: WebhookDelivery): WebhookDeliveryResponse {
    return {
      id: delivery.id,
      message_id: `msg_${delivery.eventId}`,
      type: delivery.eventType,
      status: delivery.status,
      attempts: delivery.attempts,
      next_attempt_at: delivery.status === 'pending' ? iso(delivery.nextAttemptAt) : null,
      last_status: delivery.lastStatus,
      last_error: delivery.lastError,
      created_at: iso(delivery.createdAt),
      delivered_at: delivery.deliveredAt === null ? null : iso(delivery.deliveredAt),
    };
  }
}

export class WebhookDeliveryListResponse {
  /** Newest first. */
  deliveries: WebhookDeliveryResponse[];
  /** @example false */
  has_more: boolean;
  /** @example null */
  next_cursor: string | null;
}
