import { ApiProperty } from '@nestjs/swagger';
import { CHANNEL_TYPES, type Channel, type ChannelSettings, type ChannelType } from '../../core/channel';
import { MATTERMOST_SETTINGS, type MattermostSettings } from '../../core/mattermost-settings';
import type { ChannelCheck } from '../channels.service';

const iso = (value: Date | null): string | null => (value === null ? null : value.toISOString());

export class ChannelTemplateResponse {
  /** @example we_are_back */
  name: string;
  /** @example en_US */
  language: string;
}

export class ChannelPromptResponse {
  /** @example engineering/releases */
  channel: string;
  /** @example You help with releases. */
  prompt: string;
}

export class ContextProviderResponse {
  /** @example weather */
  name: string;
  /** @example https://example.com/weather?q={text} */
  url: string;
  /** Milliseconds.
   * @example 3000 */
  timeout_ms?: number;
  /** @example 60 */
  cache_seconds?: number;
  /** @example false */
  send_token?: boolean;
}

type CommonSettings = Omit<ChannelSettings, keyof MattermostSettings>;

/** Settings with the defaults for what was not set. */
export class ChannelSettingsResponse implements CommonSettings, Partial<MattermostSettings> {
  /** Milliseconds.
   * @example 1500 */
  debounce_ms: number;
  /** Milliseconds.
   * @example 10000 */
  debounce_max_ms: number;
  /** @example ["stop"] */
  opt_out_words: string[];
  /** @example ["start"] */
  opt_in_words: string[];
  /** @example You will get no more messages from us. Write START if you want them again. */
  opt_out_text: string | null;
  /** @example 20 */
  messages_per_minute: number;
  template: ChannelTemplateResponse | null;
  /** @example true */
  stop_ai_on_echo: boolean;
  /** @example [] */
  allowed_senders: string[];
  /** Of type mattermost only, as all that follows.
   * @example ["@aibot", "ai:"] */
  triggers?: string[];
  /** @example [] */
  allowed_channels?: string[];
  channel_prompts?: ChannelPromptResponse[];
  /** @example 20 */
  context_posts?: number;
  context_providers?: ContextProviderResponse[];
  /** @example false */
  allow_private_network?: boolean;

  static from({ type, settings }: Channel): ChannelSettingsResponse {
    if (type === 'mattermost') return settings;
    const others = new Set<string>(MATTERMOST_SETTINGS);
    return Object.fromEntries(
      Object.entries(settings).filter(([name]) => !others.has(name)),
    ) as unknown as ChannelSettingsResponse;
  }
}

function pathsOf({ type, id }: Channel): { webhook_path: string; command_path: string | null } {
  const path = `/webhooks/${type}/${id}`;
  if (type !== 'mattermost') return { webhook_path: path, command_path: null };
  return { webhook_path: `${path}/outgoing`, command_path: `${path}/command` };
}

/** A door to another system. Its credentials are never shown. */
export class ChannelResponse {
  /** @example 1 */
  id: number;

  /** @example 1 */
  workspace_id: number;

  /** @example 1 */
  persona_id: number;

  /** @example whatsapp */
  @ApiProperty({ enum: CHANNEL_TYPES })
  type: ChannelType;

  /** @example Support on WhatsApp */
  name: string;

  /** Whom the other system sends for: a `phone_number_id`, an Instagram account.
   * @example 106540352242922 */
  account_id: string;

  settings: ChannelSettingsResponse;

  /** @example true */
  is_enabled: boolean;

  /** What keeps it from working, such as `CHANNEL.TOKEN_REFUSED`: then nothing is sent until the credentials are changed, or, at Mattermost, are taken again.
   * @example null */
  problem_code: string | null;

  /** Since when.
   * @example null */
  problem_at: string | null;

  /** When POST …/check last looked.
   * @example 2026-11-21T12:00:00.000Z */
  checked_at: string | null;

  /** Where the other system sends to, on this server. Without the number at the end it is the same for all channels of the type.
   * @example /webhooks/whatsapp/1 */
  webhook_path: string;

  /** Mattermost: where the slash command is sent to; null for others.
   * @example null */
  command_path: string | null;

  /** @example 2026-11-21T12:00:00.000Z */
  created_at: string;

  /** @example 2026-11-21T12:00:00.000Z */
  updated_at: string;

  static from(channel: Channel): ChannelResponse {
    return {
      id: channel.id,
      workspace_id: channel.workspaceId,
      persona_id: channel.personaId,
      type: channel.type,
      name: channel.name,
      account_id: channel.accountId,
      settings: ChannelSettingsResponse.from(channel),
      is_enabled: channel.isEnabled,
      problem_code: channel.problemCode,
      problem_at: iso(channel.problemAt),
      checked_at: iso(channel.checkedAt),
      ...pathsOf(channel),
      created_at: channel.createdAt.toISOString(),
      updated_at: channel.updatedAt.toISOString(),
    };
  }
}

export class ChannelListResponse {
  channels: ChannelResponse[];
  /** @example false */
  has_more: boolean;
  /** @example null */
  next_cursor: string | null;
}

export class ChannelFindingResponse {
  /** What was looked at.
   * @example credentials */
  name: string;
  /** @example false */
  is_ok: boolean;
  /** What was found, and what to do about it.
   * @example The access token is expired, was withdrawn, or is not whole. Make a new one for the system user in the business settings and enter it as credentials.access_token. (Meta answered 401, code 190.) */
  detail: string;
}

export class ChannelCheckResponse {
  /** Everything that can be tried from here is in order. Whether anything arrives, the finding `webhook` tells.
   * @example true */
  is_working: boolean;

  findings: ChannelFindingResponse[];

  /** @example 2026-11-21T12:00:00.000Z */
  checked_at: string;

  static from({ isWorking, findings, checkedAt }: ChannelCheck): ChannelCheckResponse {
    return {
      is_working: isWorking,
      findings: findings.map(({ name, isOk, detail }) => ({ name, is_ok: isOk, detail })),
      checked_at: checkedAt.toISOString(),
    };
  }
}
