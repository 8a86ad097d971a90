import { FUNCTION_WORDS } from '../lexicon/function-words';
import type { FoldedText } from './folded-text';

/** The first words tell it; a long text is not read to its end. */
const MAX_TOKENS = 200;
/** One word may be a name, or stand in two languages. */
const MIN_WORDS = 2;
/** By how much the likeliest language must be ahead of the next one. */
const LEAD = 1.4;

const SCRIPTS: readonly (readonly [RegExp, string])[] = [
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
  [/\p{Script=Hangul}/u, 'ko'],
  [/\p{Script=Thai}/u, 'th'],
  [/\p{Script=Greek}/u, 'el'],
  [/\p{Script=Hebrew}/u, 'he'],
];

const languagesOfWord = new Map<string, string[]>();
for (const [language, words] of Object.entries(FUNCTION_WORDS)) {
  for (const word of words.split(' ')) {
    const languages = languagesOfWord.get(word) ?? [];
    if (!languages.includes(language)) languagesOfWord.set(word, [...languages, language]);
  }
}

/** Languages that a message can be told to be written in. */
export const TOLD_LANGUAGES: ReadonlySet<string> = new Set([
  ...Object.keys(FUNCTION_WORDS),
  ...SCRIPTS.map(([, language]) => language),
  // Chinese characters alone may be Japanese; with Japanese letters among them they are not Chinese.
  'zh',
]);

/** The language of a message, as two letters. Null: not clear, as of one word. */
export function languageOf({ source, tokens }: FoldedText): string | null {
  const script = SCRIPTS.find(([letters]) => letters.test(source));
  if (script !== undefined) return script[1];
  const counts = new Map<string, number>();
  for (const { text } of tokens.slice(0, MAX_TOKENS)) {
    // A word of one language only says more than one of five.
    const languages = languagesOfWord.get(text);
    for (const language of languages ?? []) {
      counts.set(language, (counts.get(language) ?? 0) + 1 / languages!.length ** 0.5);
    }
  }
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1]);
  if (first === undefined || first[1] < MIN_WORDS * 0.6) return null;
  return second === undefined || first[1] >= second[1] * LEAD ? first[0] : null;
}
