import {
  FIRM_NEGATIONS,
  HUMAN_REQUESTS,
  NEGATIONS_AFTER,
  NEGATIONS_BEFORE,
  NO_NEGATIONS,
  RESTARTS,
  WEAK_RESTARTS,
} from '../lexicon/human-requests';
import { phrasesOf } from './combinations';
import { BREAK, type FoldedText, isUnspaced } from './folded-text';
import { type FoundPhrase, Phrases } from './phrases';
import { type Entry, type Hit, WordList } from './word-list';

/** `firm`: before, whatever comes between. `restart`, `weak-restart`: begins a request anew. */
type Negation = 'before' | 'firm' | 'behind' | 'none' | 'restart' | 'weak-restart';

/** How many words may stand between a negation and what it turns round; of scripts without spaces, letters. */
const REACH = 5;
const MAX_BETWEEN = 100;

const entries = (words: readonly string[], value: Negation): Entry<Negation>[] =>
  [...new Set(words.flatMap(phrasesOf))].map((word) => ({ word, value }));

/** Scripts whose words carry others with them, or that have no spaces, are looked for letter by letter. */
const BY_LETTER = new Set(['ar', 'ja', 'zh', 'ko']);

interface Known {
  phrases: Phrases;
  byLetter: WordList<'request'>;
  negations: WordList<Negation>;
}

/** Made ready when the first message is looked at. */
let known: Known | undefined;

function make(): Known {
  const requests = Object.entries(HUMAN_REQUESTS);
  const byLetter = requests.filter(([language]) => BY_LETTER.has(language)).flatMap(([, notations]) => notations);
  return {
    phrases: new Phrases(
      requests.filter(([language]) => !BY_LETTER.has(language)).flatMap(([, notations]) => notations),
    ),
    byLetter: new WordList([...new Set(byLetter.flatMap(phrasesOf))].map((word) => ({ word, value: 'request' }))),
    negations: new WordList([
      ...entries(NEGATIONS_BEFORE, 'before'),
      ...entries(NEGATIONS_AFTER, 'behind'),
      ...entries(NO_NEGATIONS, 'none'),
      ...entries(FIRM_NEGATIONS, 'firm'),
      ...entries(RESTARTS, 'restart'),
      ...entries(WEAK_RESTARTS, 'weak-restart'),
    ]),
  };
}

/** Where somebody asks for a person; undefined: nowhere. "I don't want to talk to a human" asks for none. */
export function humanRequestIn(folded: FoldedText): { start: number; end: number } | undefined {
  known ??= make();
  const requests: FoundPhrase[] = known.phrases.find(folded);
  // Those languages have no letter in ASCII.
  if (!folded.isAscii) requests.push(...known.byLetter.find(folded));
  if (requests.length === 0) return undefined;
  const turned = negationsOf(known.negations.find(folded));
  return requests.find((request) => !isTurned(request, turned, folded.text));
}

/** Only the negations next to it can reach it, so a text of nothing but requests and negations takes no longer for it. */
function isTurned(request: FoundPhrase, negations: readonly Hit<Negation>[], text: string): boolean {
  let low = 0;
  let high = negations.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (negations[middle]!.until < request.at - MAX_BETWEEN) low = middle + 1;
    else high = middle;
  }
  const near: Hit<Negation>[] = [];
  for (let index = low; index < negations.length; index += 1) {
    if (negations[index]!.at > request.until + MAX_BETWEEN) break;
    near.push(negations[index]!);
  }
  return near.some((negation) => turnsRound(negation, request, text) && !isCutOff(negation, request, near));
}

function negationsOf(hits: readonly Hit<Negation>[]): Hit<Negation>[] {
  const excused = new Set(hits.filter(({ value }) => value === 'none').flatMap(({ at, until }) => placesOf(at, until)));
  return hits.filter(({ value, until }) => value !== 'none' && !excused.has(until));
}

/** Places at which a negation inside may end. */
const placesOf = (at: number, until: number): number[] =>
  Array.from({ length: until - at }, (_, offset) => at + offset + 1);

function turnsRound(negation: Hit<Negation>, request: FoundPhrase, text: string): boolean {
  if (negation.value === 'restart' || negation.value === 'weak-restart') return false;
  const [from, to] = negation.value === 'behind' ? [request.until, negation.at] : [negation.until, request.at];
  // Within the request itself: "speak not to a human".
  if (from > to) return false;
  if (to - from > MAX_BETWEEN) return false;
  const between = text.slice(from, to);
  return !between.includes(BREAK) && distanceOf(between) <= REACH;
}

const distanceOf = (between: string): number =>
  between.split(' ').reduce((sum, word) => sum + (isUnspaced(word) ? word.length : Math.min(word.length, 1)), 0);

/** Whether the request begins anew between the negation and it: "this is no use I want a human". */
const isCutOff = (negation: Hit<Negation>, request: FoundPhrase, near: readonly Hit<Negation>[]): boolean =>
  negation.value === 'before' &&
  near.some(
    ({ value, at }) =>
      at <= request.at &&
      ((value === 'restart' && at >= negation.until) || (value === 'weak-restart' && at > negation.until + 1)),
  );
