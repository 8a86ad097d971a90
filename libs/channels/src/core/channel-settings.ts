import type { ChannelSettings } from './channel';

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
};

/** What was stored, with defaults for the rest. */
export const withDefaults = (stored: Partial<ChannelSettings>): ChannelSettings => ({ ...DEFAULT_SETTINGS, ...stored });
