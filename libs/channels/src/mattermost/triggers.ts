/** What is left when somebody has written a trigger and nothing else. */
export const EMPTY_QUESTION = 'help';

/** Between a trigger and what is asked. */
const SEPARATORS = /^[\s:,]+/;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A name may go on with these: `@aibot2` is somebody else. @see https://docs.mattermost.com/collaborate/mention-people.html */
const NAME_GOES_ON = '(?![a-z0-9_-]|\\.[a-z0-9_-])';

export interface Triggers {
  /** Words of the channel's settings, and the trigger word of a hook. */
  words: readonly string[];
  /** The bot's own name, without the @; null while it is not known. */
  botName: string | null;
}

/**
 * What is asked of the bot: the text without the trigger that it begins with, which is taken off once. A mention of the bot anywhere in it counts, too.
 * @returns null when it is not for the bot
 */
export function questionIn(text: string, { words, botName }: Triggers): string | null {
  const trimmed = text.trim();
  const own = botName === null ? [] : [`@${botName}`];
  const candidates = [...own, ...words].filter((word) => word.trim() !== '');
  // The longest first, so that of "ai" and "ai:" nothing is left over.
  for (const word of candidates.sort((a, b) => b.length - a.length)) {
    const rest = withoutWord(trimmed, word.trim());
    if (rest !== null) return rest;
  }
  return botName !== null && mentions(trimmed, botName) ? trimmed : null;
}

/** For direct messages, and hooks that have been triggered already: no trigger is needed, and one is taken off. */
export const questionOrAll = (text: string, triggers: Triggers): string => questionIn(text, triggers) ?? text.trim();

/** Whether a text says the name of the bot, outside of code. */
export function mentions(text: string, botName: string): boolean {
  const prose = text.replace(/```[\s\S]*?(?:```|$)|`[^`\n]*`/g, ' ');
  return new RegExp(`(?:^|[^a-z0-9_.-])@${escaped(botName)}${NAME_GOES_ON}`, 'i').test(prose);
}

function withoutWord(text: string, word: string): string | null {
  if (text.slice(0, word.length).toLowerCase() !== word.toLowerCase()) return null;
  const rest = text.slice(word.length);
  // "ai:" may be followed by anything, "assistant" not by more letters.
  if (/[\p{L}\p{N}]$/u.test(word) && /^(?:[\p{L}\p{N}_-]|\.[\p{L}\p{N}])/u.test(rest)) return null;
  return rest.replace(SEPARATORS, '').trim();
}
