import { IsBoolean, IsInt, Max, Min, ValidateIf } from 'class-validator';
import type { ChannelIdentity } from '../persistence/identities.repository';

const isGiven = (_dto: unknown, value: unknown): boolean => value !== undefined;
const isGivenAndNotNull = (_dto: unknown, value: unknown): boolean => value !== undefined && value !== null;
const iso = (value: Date | null): string | null => (value === null ? null : value.toISOString());

export class ChangeIdentityDto {
  /** True: nothing is sent to them any more, as if they had written one of the opt-out words.
   * @example true */
  @ValidateIf(isGiven)
  @IsBoolean()
  is_opted_out?: boolean;

  /** Who they are among the workspace's clients; null: nobody.
   * @example 7 */
  @ValidateIf(isGivenAndNotNull)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  client_id?: number | null;
}

/** A person as the channel knows them. */
export class ChannelIdentityResponse {
  /** @example 1 */
  id: number;

  /** @example 1 */
  channel_id: number;

  /** Their id in the other system, for this account only.
   * @example US.13491208655302741918 */
  external_id: string;

  /** Digits; null when the other system does not tell.
   * @example 15551234567 */
  phone: string | null;

  /** As they call themselves there.
   * @example Dana */
  name: string | null;

  /** Who they are among the workspace's clients.
   * @example null */
  client_id: number | null;

  /** The conversation that goes on; null: none does.
   * @example 12 */
  conversation_id: number | null;

  /** @example false */
  is_opted_out: boolean;

  /** @example null */
  opted_out_at: string | null;

  /** When they last wrote.
   * @example 2026-11-21T12:00:00.000Z */
  last_inbound_at: string | null;

  /** @example 2026-11-21T12:00:00.000Z */
  created_at: string;

  static from(person: ChannelIdentity): ChannelIdentityResponse {
    return {
      id: person.id,
      channel_id: person.channelId,
      external_id: person.externalId,
      phone: person.phone,
      name: person.name,
      client_id: person.clientId,
      conversation_id: person.conversationId,
      is_opted_out: person.optedOutAt !== null,
      opted_out_at: iso(person.optedOutAt),
      last_inbound_at: iso(person.lastInboundAt),
      created_at: person.createdAt.toISOString(),
    };
  }
}

export class ChannelIdentityListResponse {
  /** Newest first. */
  identities: ChannelIdentityResponse[];
  /** @example false */
  has_more: boolean;
  /** @example null */
  next_cursor: string | null;
}
