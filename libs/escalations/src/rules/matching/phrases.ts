import { BREAK, type FoldedText, foldText } from './folded-text';
import { spellingsOf } from './spellings';

/** One of several ways to say a part of a phrase: words, of which the first finds it. */
interface Group {
  choices: Map<string, string[][]>;
  mayBeEmpty: boolean;
}

type Phrase = Group[];

export interface FoundPhrase {
  /** Places in the folded text, without the spaces around. */
  at: number;
  until: number;
  /** Places in the text as it was written. */
  start: number;
  end: number;
}

/**
 * Phrases in a notation that stands for many: groups separated by spaces, choices by `|`, `_` for a space within a choice, `-` for nothing.
 * `speak|talk to|with a|- human` stands for eight. They are found without being written out: at most a few choices of a group begin with the same word, so
 * the time is linear in the text.
 */
export class Phrases {
  private readonly starts = new Map<string, Set<Phrase>>();

  constructor(notations: readonly string[]) {
    for (const notation of notations) {
      const phrase = notation.split(' ').map(groupOf);
      for (const word of firstWords(phrase)) {
        const phrases = this.starts.get(word) ?? new Set();
        this.starts.set(word, phrases.add(phrase));
      }
    }
  }

  /** At each place the longest, in their order. */
  find({ tokens }: FoldedText): FoundPhrase[] {
    const words = tokens.map(({ text }) => text);
    const found: FoundPhrase[] = [];
    words.forEach((word, index) => {
      const phrases = this.starts.get(word);
      if (phrases === undefined) return;
      let until = -1;
      for (const phrase of phrases) until = Math.max(until, endOf(phrase, 0, words, index));
      if (until <= index) return;
      const first = tokens[index]!;
      const last = tokens[until - 1]!;
      found.push({ at: first.at, until: last.at + last.text.length, start: first.start, end: last.end });
    });
    return found;
  }
}

/** The index behind the longest way to say the groups from `group` on; -1: none. */
function endOf(phrase: Phrase, group: number, words: readonly string[], index: number): number {
  const here = phrase[group];
  if (here === undefined) return index;
  let end = here.mayBeEmpty ? endOf(phrase, group + 1, words, index) : -1;
  for (const choice of here.choices.get(words[index] ?? BREAK) ?? []) {
    if (choice.every((word, offset) => words[index + offset] === word)) {
      end = Math.max(end, endOf(phrase, group + 1, words, index + choice.length));
    }
  }
  return end;
}

function groupOf(notation: string): Group {
  const choices = new Map<string, string[][]>();
  const all = notation.split('|');
  for (const choice of all.filter((one) => one !== '-').flatMap((one) => spellingsOf(one.replaceAll('_', ' ')))) {
    const words = foldText(choice).tokens.map(({ text }) => text);
    const [first] = words;
    if (first !== undefined) choices.set(first, [...(choices.get(first) ?? []), words]);
  }
  return { choices, mayBeEmpty: all.includes('-') };
}

function firstWords(phrase: Phrase): string[] {
  const required = phrase.findIndex(({ mayBeEmpty }) => !mayBeEmpty);
  return phrase.slice(0, required + 1).flatMap(({ choices }) => [...choices.keys()]);
}
