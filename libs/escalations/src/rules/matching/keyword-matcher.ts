import type { KeywordRule } from '../rule-set';
import type { FoldedText } from './folded-text';
import { languageOf, TOLD_LANGUAGES } from './language';
import { type Entry, type Hit, WordList } from './word-list';

export interface FoundKeyword {
  /** As the rule has it. */
  word: string;
  /** Null: it counts in every language. */
  language: string | null;
  /** Places in the text as it was written. */
  start: number;
  end: number;
}

type Meaning = Pick<FoundKeyword, 'word' | 'language'> & { isException: boolean };

/** A rule's keywords, made ready once. */
export class KeywordMatcher {
  private readonly list: WordList<Meaning>;

  constructor(rule: KeywordRule) {
    const entries = (words: readonly string[], language: string | null, isException = false): Entry<Meaning>[] =>
      words.map((word) => ({ word, value: { word, language, isException } }));
    this.list = new WordList([
      ...entries(rule.words, null),
      ...Object.entries(rule.by_language).flatMap(([language, words]) => entries(words, language)),
      ...entries(rule.except, null, true),
    ]);
  }

  /** In the order in which they stand in the text. */
  find(folded: FoldedText): FoundKeyword[] {
    const hits = this.list.find(folded);
    if (hits.length === 0) return [];
    const counting = uncovered(hits);
    if (counting.length === 0) return [];
    const language = counting.some(({ value }) => value.language !== null) ? languageOf(folded) : null;
    return counting
      .filter(({ value }) => speaks(value.language, language))
      .map(({ value: { word, language: own }, start, end }) => ({ word, language: own, start, end }))
      .sort((a, b) => a.start - b.start);
  }
}

/** A language that messages cannot be told to be in counts always. */
const speaks = (of: string | null, told: string | null): boolean =>
  of === null || told === null || of === told || !TOLD_LANGUAGES.has(of);

/** The hits that no exception covers. An exception ends where the hit ends or later, and hits come in the order of their ends. */
function uncovered(hits: readonly Hit<Meaning>[]): Hit<Meaning>[] {
  const exceptions = hits.filter(({ value }) => value.isException).sort((a, b) => a.at - b.at);
  const words = hits.filter(({ value }) => !value.isException).sort((a, b) => a.at - b.at);
  if (exceptions.length === 0) return words;
  const left: Hit<Meaning>[] = [];
  let next = 0;
  let reach = -1;
  for (const hit of words) {
    // The farthest that an exception reaches that begins here or before.
    while (next < exceptions.length && exceptions[next]!.at <= hit.at) {
      reach = Math.max(reach, exceptions[next++]!.until);
    }
    if (hit.until > reach) left.push(hit);
  }
  return left;
}
