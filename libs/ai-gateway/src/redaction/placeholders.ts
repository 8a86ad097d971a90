import { createHmac } from 'node:crypto';
import type { SpanType } from './detect/span';

const WORDS: Record<SpanType, string> = {
  email: 'EMAIL',
  phone: 'PHONE',
  card: 'CARD',
  iban: 'IBAN',
  private: 'PRIVATE',
};

/** Letters only: nothing that looks for numbers finds one in a placeholder. Without those that are easily taken for another. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyz';
/** 24^6 is 190 million: two of a hundred values of one conversation meet once in 40,000 conversations, and then one gets longer. */
const SHORTEST = 6;
export const LONGEST_MARK = 24;

const word = Object.values(WORDS).join('|');

/** As models give placeholders back: some escape the underscore for Markdown, or change the case. */
export const PLACEHOLDER = new RegExp(String.raw`\[(${word})\\?_([a-z]{${SHORTEST},${LONGEST_MARK}})\]`, 'gi');

/** What may be the beginning of a placeholder, at the end of a text that is still growing. */
export const UNFINISHED_PLACEHOLDER = new RegExp(
  String.raw`\[(?:[a-z]{0,7}|(?:${word})\\?(?:_[a-z]{0,${LONGEST_MARK}})?)$`,
  'i',
);

/** The one form of a placeholder, however a model wrote it. */
export const plainPlaceholder = (type: string, mark: string): string => `[${type.toUpperCase()}_${mark.toLowerCase()}]`;

/**
 * What stands for a value: the same in every turn of a conversation, so that upstream caches and copies fit, and not to be guessed from another conversation.
 * @param secret ours; without it nobody can try out which value a placeholder stands for
 * @param scope the conversation
 * @param isTaken whether another value has this placeholder
 */
export function placeholderFor(
  value: { type: SpanType; text: string },
  secret: string,
  scope: string,
  isTaken: (placeholder: string) => boolean = () => false,
): string {
  const digest = createHmac('sha256', secret).update(`pii:${scope}:${value.type}:${value.text}`).digest();
  const mark = [...digest].map((byte) => LETTERS[byte % LETTERS.length]!).join('');
  for (let length = SHORTEST; length < LONGEST_MARK; length += 1) {
    const placeholder = plainPlaceholder(WORDS[value.type], mark.slice(0, length));
    if (!isTaken(placeholder)) return placeholder;
  }
  return plainPlaceholder(WORDS[value.type], mark.slice(0, LONGEST_MARK));
}
