import { Automaton } from './automaton';
import { BREAK, type FoldedText, foldText, type Token, tokenAt } from './folded-text';
import { spellingsOf } from './spellings';

/** What is looked for, with what the one who looks wants to know about it. */
export interface Entry<T> {
  /** A word or some words; `refund*` also stands for every word that begins so. */
  word: string;
  value: T;
}

export interface Hit<T> {
  value: T;
  /** Places in the folded text, without the spaces around. */
  at: number;
  until: number;
  /** Places in the text as it was written. */
  start: number;
  end: number;
}

interface Pattern<T> {
  text: string;
  value: T;
  /** Spaces at the beginning, and at the end, that belong to the pattern and not to the words. */
  before: number;
  after: number;
  /** Where the text itself does not say that a word begins, or ends. */
  begins: 'by-space' | 'in-run' | 'by-prefix';
  ends: 'by-space' | 'in-run' | 'anywhere';
}

const ARABIC = /^[\u0600-\u06ff]/u;
/** Written together with the word: the, and the, with the, for the, and, with, for, so. */
const ARABIC_PREFIXES = new Set(['', 'ال', 'وال', 'بال', 'لل', 'و', 'ب', 'ل', 'ف']);
const LONGEST_PREFIX = 3;

/** No language of its own: the dictionary that ICU takes depends on the script alone. */
const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });

/** Where words end in runs, as far as somebody asked. */
type Boundaries = Map<number, Set<number>>;

/** Words and phrases that are found as whole words in folded texts. */
export class WordList<T> {
  private readonly patterns: Pattern<T>[];
  private readonly automaton: Automaton;

  constructor(entries: readonly Entry<T>[]) {
    this.patterns = entries.flatMap((entry) => patternsOf(entry));
    this.automaton = new Automaton(this.patterns.map(({ text }) => text));
  }

  /** In the order of their ends. */
  find(folded: FoldedText): Hit<T>[] {
    const hits: Hit<T>[] = [];
    const boundaries: Boundaries = new Map();
    for (const { pattern: index, end } of this.automaton.find(folded.text)) {
      const { text, value, before, after, begins, ends } = this.patterns[index]!;
      const at = end - text.length + before;
      const until = end - after;
      const first = tokenAt(folded, at);
      const last = tokenAt(folded, until - 1);
      if (begins === 'by-prefix' && !isPrefix(first, at)) continue;
      if (begins === 'in-run' && !isBoundary(first, at, boundaries)) continue;
      if (ends === 'in-run' && !isBoundary(last, until, boundaries)) continue;
      hits.push({
        value,
        at,
        until,
        start: begins === 'in-run' ? first.start + at - first.at : first.start,
        end: last.isUnspaced ? last.start + until - last.at : last.end,
      });
    }
    return hits;
  }
}

/** Whether what stands before the place in its token is one of the short words that are written together with the next. */
const isPrefix = (token: Token, at: number): boolean =>
  at - token.at <= LONGEST_PREFIX && ARABIC_PREFIXES.has(token.text.slice(0, at - token.at));

/** Whether a word begins or ends there, in a script that does not say so itself. */
function isBoundary(run: Token, place: number, known: Boundaries): boolean {
  let found = known.get(run.at);
  if (found === undefined) {
    found = new Set([run.text.length]);
    for (const { index } of segmenter.segment(run.text)) found.add(index);
    known.set(run.at, found);
  }
  return found.has(place - run.at);
}

/** The ways in which a word may be written. None: there is nothing in it that could be found. */
function patternsOf<T>({ word, value }: Entry<T>): Pattern<T>[] {
  const isOpen = word.trimEnd().endsWith('*');
  return spellingsOf(word).flatMap((spelling): Pattern<T>[] => {
    const { tokens } = foldText(spelling);
    const words = tokens.filter(({ text }) => text !== BREAK);
    const [first, last] = [words[0], words.at(-1)];
    if (first === undefined || last === undefined) return [];
    const begins = first.isUnspaced ? 'in-run' : ARABIC.test(first.text) ? 'by-prefix' : 'by-space';
    const ends = isOpen ? 'anywhere' : last.isUnspaced ? 'in-run' : 'by-space';
    const [before, after] = [begins === 'by-space' ? 1 : 0, ends === 'by-space' ? 1 : 0];
    // Signs in the word may stand in the text, or be left out: `a.s.a.p.`, `node.js`.
    return (words.length === tokens.length ? [words] : [tokens, words]).map((spelt) => ({
      text: ' '.repeat(before) + spelt.map(({ text }) => text).join(' ') + ' '.repeat(after),
      value,
      before,
      after,
      begins,
      ends,
    }));
  });
}

/** Whether there is something in a word that could be found. */
export const canBeFound = (word: string): boolean => foldText(word).tokens.some(({ text }) => text !== BREAK);
