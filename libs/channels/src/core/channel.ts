import type { MattermostSettings } from './mattermost-settings';

/** A configured door to another system. */
export interface Channel {
  id: number;
  workspaceId: number;
  /** Who answers there. */
  personaId: number;
  type: ChannelType;
  name: string;
  /** Whom the other system sends for: a phone_number_id, an Instagram account, a server. */
  accountId: string;
  settings: ChannelSettings;
  isEnabled: boolean;
  /** What keeps it from working, such as `CHANNEL.TOKEN_REFUSED`; null when nothing is known to. */
  problemCode: string | null;
  problemAt: Date | null;
  /** When it was last checked against the other system. */
  checkedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

export const CHANNEL_TYPES = ['whatsapp', 'instagram', 'mattermost'] as const;
export type ChannelType = (typeof CHANNEL_TYPES)[number];

/** What can be set for a channel. Settings of one kind alone have their defaults everywhere else. */
export interface ChannelSettings extends MattermostSettings {
  /** Milliseconds that a message waits for more from the same person, which are then answered together; 0: it does not. */
  debounce_ms: number;
  /** And so long at most after the first. */
  debounce_max_ms: number;
  /** Words that, alone in a message, end all sending to the person; case and accents do not matter. */
  opt_out_words: string[];
  /** And that begin it again. */
  opt_in_words: string[];
  /** What the person is told when they have opted out, once; null: nothing. */
  opt_out_text: string | null;
  /** Messages of one person per minute that are answered; more are left unanswered, unless people have the conversation. */
  messages_per_minute: number;
  /** What is sent when the window for free text is closed; null: nothing can be. */
  template: { name: string; language: string } | null;
  /** What a person writes from the business's own app stops the AI in that conversation. */
  stop_ai_on_echo: boolean;
  /** Only these people are answered, by their ids in the other system; empty: all. For trying out. */
  allowed_senders: string[];
}
