import { SENTIMENT, SENTIMENT_NEGATIONS } from '../lexicon/sentiment';
import { BREAK, type FoldedText, tokenAt } from './folded-text';
import { languageOf, TOLD_LANGUAGES } from './language';
import { type Entry, WordList } from './word-list';

interface Weight {
  language: string;
  /** Above 0 is bad; 0 is a negation. */
  weight: number;
}

export interface Sentiment {
  /** -1 (as bad as it gets) to 1; 0: nothing that tells. */
  score: number;
  /** The worst words, as they were written, at most five. */
  words: string[];
}

const NEUTRAL: Sentiment = { score: 0, words: [] };
/** A negation counts for this many words. */
const REACH = 3;
/** How fast the score nears its ends: one word of weight 3 is worth -0.61, three of weight 2 are worth -0.84. From VADER (Hutto and Gilbert, 2014), whose constant is 15. */
const DAMPING = 15;
const SHOUTING = 1.25;
const MIN_LETTERS_TO_SHOUT = 8;
const MAX_WORDS = 5;

const list = (words: string): string[] => words.split(',').map((word) => word.trim());

let known: WordList<Weight> | undefined;
const lexicon = (): WordList<Weight> =>
  (known ??= new WordList([
    ...Object.entries(SENTIMENT).flatMap(([language, weights]) =>
      Object.entries(weights).flatMap(([weight, words]) =>
        list(words).map((word): Entry<Weight> => ({ word, value: { language, weight: Number(weight) } })),
      ),
    ),
    ...[...new Set(list(SENTIMENT_NEGATIONS))].map((word): Entry<Weight> => ({
      word,
      value: { language: '', weight: 0 },
    })),
  ]));

/** How a message sounds, by its words alone: cheap and predictable, and blind to irony. */
export function sentimentOf(folded: FoldedText): Sentiment {
  const hits = lexicon().find(folded);
  if (hits.every(({ value }) => value.weight === 0)) return NEUTRAL;
  const told = languageOf(folded);
  const seen = new Set<number>();
  const worst: { word: string; weight: number }[] = [];
  let turnedUntil = -1;
  let sum = 0;
  for (const { value, at, until, start, end } of hits) {
    if (value.weight === 0) {
      turnedUntil = reachOf(folded, until);
      continue;
    }
    // A word that several languages have counts once.
    const speaks = told === null || told === value.language || !TOLD_LANGUAGES.has(value.language);
    if (!speaks || seen.has(at)) continue;
    seen.add(at);
    const isTurned = at < turnedUntil;
    // "Not great" is a little bad, "not terrible" a little good.
    sum += isTurned ? -value.weight / 2 : value.weight;
    if (value.weight > 0 && !isTurned) worst.push({ word: folded.source.slice(start, end), weight: value.weight });
  }
  const loud = sum > 0 && isShouted(folded.source) ? SHOUTING : 1;
  const score = sum === 0 ? 0 : -(sum * loud) / Math.sqrt((sum * loud) ** 2 + DAMPING);
  worst.sort((a, b) => b.weight - a.weight);
  return { score: Math.round(score * 100) / 100, words: worst.slice(0, MAX_WORDS).map(({ word }) => word) };
}

/** The place behind the next few words, at most up to the end of the clause. */
function reachOf(folded: FoldedText, from: number): number {
  let at = from + 1;
  for (let words = 0; words < REACH && at < folded.text.length; words += 1) {
    const token = tokenAt(folded, at);
    if (token.text === BREAK) return at;
    at = token.at + token.text.length + 1;
  }
  return at;
}

function isShouted(source: string): boolean {
  if (source.includes('!!')) return true;
  const letters = source.replace(/[^\p{Lu}\p{Ll}]/gu, '');
  return letters.length >= MIN_LETTERS_TO_SHOUT && letters === letters.toUpperCase();
}
