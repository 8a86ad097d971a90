import type { ChannelSettings, ChannelType } from './channel';
import { DEFAULT_MATTERMOST_SETTINGS } from './mattermost-settings';

/** What counts where nothing else was set. The words are the usual ones for stopping messages; single everyday words such as "end" or "cancel" would hit answers to questions. */
export const DEFAULT_SETTINGS: ChannelSettings = {
  debounce_ms: 1500,
  debounce_max_ms: 10_000,
  opt_out_words: [
    'stop',
    'stop all',
    'unsubscribe',
    'opt out',
    'abmelden',
    'désinscrire',
    'baja',
    'sair',
    'disiscrivimi',
  ],
  opt_in_words: ['start', 'unstop', 'subscribe', 'opt in', 'anmelden', 'réinscrire', 'alta'],
  opt_out_text: 'You will get no more messages from us. Write START if you want them again.',
  messages_per_minute: 20,
  template: null,
  stop_ai_on_echo: true,
  allowed_senders: [],
  ...DEFAULT_MATTERMOST_SETTINGS,
};

/** Where a kind of channel is used in another way: colleagues ask one question at a time, and nobody writes to them unasked. */
const DEFAULTS_OF: Partial<Record<ChannelType, Partial<ChannelSettings>>> = {
  mattermost: { debounce_ms: 0, opt_out_words: [], opt_in_words: [] },
};

/** What was stored, with defaults for the rest. */
export const withDefaults = (stored: Partial<ChannelSettings>, type: ChannelType): ChannelSettings => ({
  ...DEFAULT_SETTINGS,
  ...DEFAULTS_OF[type],
  ...stored,
});
