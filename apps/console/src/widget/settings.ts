import type { ChatOptions } from '../chat/visitor-session';

export interface WidgetSettings {
  chat: ChatOptions & { baseUrl: string };
  /** Of the panel and the button; undefined: a text of ours. */
  title: string | undefined;
  language: string | undefined;
  /** The side of the page that lines end at, or where they begin. */
  side: 'end' | 'start';
}

/** What the attributes of the script tag say: `data-key`, `data-title`, `data-lang`, `data-side`, `data-user-id`, `data-user-token`. */
export function settingsOf({ src, dataset }: Pick<HTMLScriptElement, 'src' | 'dataset'>): WidgetSettings {
  const { key, title, lang, side, userId, userToken } = dataset;
  return {
    chat: {
      // Where the script comes from is where the chat is.
      baseUrl: src.replace(/\/widget\.js(?:[?#].*)?$/, ''),
      publicKey: key || undefined,
      userId: userId || undefined,
      userToken: userToken || undefined,
    },
    title: title || undefined,
    language: lang || undefined,
    side: side === 'start' ? 'start' : 'end',
  };
}
