/** A system prompt of one channel at Mattermost. */
export interface MattermostPrompt {
  /** Its id, or `team/channel-name`. */
  channel: string;
  prompt: string;
}

/** A named lookup over HTTP whose result the model gets as data. */
export interface MattermostProvider {
  name: string;
  /** With `{text}`, `{user}` and `{channel}`, which are filled in. */
  url: string;
  /** Milliseconds; 3,000 without it. */
  timeout_ms?: number;
  /** Seconds for which a result is used again; 60 without it. */
  cache_seconds?: number;
  /** Whether `credentials.context_token` goes along. */
  send_token?: boolean;
}

/** What can be set for channels of type mattermost only. */
export interface MattermostSettings {
  /** Words that a post for the bot begins with; its own @name always counts besides. */
  triggers: string[];
  /** Channels at Mattermost in which it answers, by id or `team/channel-name`; empty: all. */
  allowed_channels: string[];
  channel_prompts: MattermostPrompt[];
  /** How many earlier posts of the channel or thread the model gets, 0–100. */
  context_posts: number;
  context_providers: MattermostProvider[];
  /** The server may be on a private network, and may be asked over http. Concerns that server only. */
  allow_private_network: boolean;
}

/** What counts where nothing else was set. */
export const DEFAULT_MATTERMOST_SETTINGS: MattermostSettings = {
  triggers: ['@aibot', 'ai:'],
  allowed_channels: [],
  channel_prompts: [],
  context_posts: 20,
  context_providers: [],
  allow_private_network: false,
};

export const MATTERMOST_SETTINGS = Object.keys(DEFAULT_MATTERMOST_SETTINGS) as (keyof MattermostSettings)[];
