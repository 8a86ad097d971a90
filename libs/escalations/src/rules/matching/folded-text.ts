/** Scripts that put no spaces between words: a run of them is one token, and where a word ends in it is asked of `Intl.Segmenter`. */
const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\u30fc\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const TOKENS = new RegExp(`[${UNSPACED}]+|[[\\p{L}\\p{N}\\p{M}\\p{Cf}]--[${UNSPACED}]]+`, 'gv');
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, 'v');
/** No phrase, and no negation, reaches beyond these. */
const BREAKS = /[.,;:!?…()[\]{}"\n\r。、，；：！？「」（）،؛؟¡¿—–|]/u;
const IS_ASCII = /^[\0-\x7f]*$/;
/** Accents, Hebrew points and Arabic vowels, which people leave out. Vowel signs of Indian scripts and Japanese voicing marks make other words, and stay. */
const LEFT_OUT = /[\p{Cf}\u0640\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]/gu;
/** No script puts more on a letter; the normaliser's time would grow with the square of them. */
const TOO_MANY_MARKS = /(\p{M}{4})\p{M}+/gu;
/** Thai and Lao am, which the normaliser takes apart; with it, words would not be found in the dictionary. It is also written with the tone behind its circle. */
const TAKEN_APART = /\u0e4d([\u0e48-\u0e4b]?)\u0e32|\u0ecd([\u0ec8-\u0ecb]?)\u0eb2/gu;
const LETTERS = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['ł', 'l'],
  ['ħ', 'h'],
  ['ı', 'i'],
  ['ς', 'σ'],
  ['ى', 'ي'],
  ['ی', 'ي'],
  ['ک', 'ك'],
  ['ة', 'ه'],
]);
const ONE_LETTER = new RegExp(`[${[...LETTERS.keys()].join('')}]`, 'gu');

/** Between two tokens that do not belong together. It stands as a token of its own. */
export const BREAK = '\n';

export interface Token {
  /** Folded. */
  text: string;
  /** Place in `FoldedText.text`. */
  at: number;
  /** Place in the text as it was written. */
  start: number;
  end: number;
  isUnspaced: boolean;
}

/** A text without what does not tell words apart: case, accents, punctuation. Addresses of the web and e-mail addresses are left out. */
export interface FoldedText {
  source: string;
  /** The tokens with one space before and after each. */
  text: string;
  tokens: Token[];
  isAscii: boolean;
}

/** Whether a word is of a script that puts no spaces between words: then it may be several. */
export const isUnspaced = (word: string): boolean => IS_UNSPACED.test(word);

/** `Réclamation` and `RECLAMATION` are the same. */
export function foldWord(word: string): string {
  if (IS_ASCII.test(word)) return word.toLowerCase();
  return word
    .replace(LEFT_OUT, '')
    .replace(TOO_MANY_MARKS, '$1')
    .toLowerCase()
    .normalize('NFKD')
    .replace(LEFT_OUT, '')
    .normalize('NFC')
    .replace(TAKEN_APART, (_am, thai: string | undefined, lao: string | undefined) =>
      thai === undefined ? `${lao}\u0eb3` : `${thai}\u0e33`,
    )
    .toLowerCase()
    .replace(ONE_LETTER, (letter) => LETTERS.get(letter) ?? letter);
}

/** In time linear in the text. */
export function foldText(source: string): FoldedText {
  const tokens: Token[] = [];
  const parts: string[] = [];
  let at = 1;
  const add = (text: string, start: number, end: number, isUnspaced: boolean): void => {
    tokens.push({ text, at, start, end, isUnspaced });
    parts.push(text);
    at += text.length + 1;
  };
  const addresses = addressesOf(source);
  let next = 0;
  let last = 0;
  const isAscii = IS_ASCII.test(source);
  for (const { start, end, isUnspaced, text } of isAscii ? asciiWords(source) : wordsOf(source)) {
    while (next < addresses.length && addresses[next]!.end <= start) next += 1;
    if (addresses[next] !== undefined && addresses[next]!.start < end) continue;
    if (text === '') continue;
    if (tokens.length > 0 && isBroken(source, last, start)) add(BREAK, last, start, false);
    add(text, start, end, isUnspaced);
    last = end;
  }
  return { source, text: ` ${parts.join(' ')} `, tokens, isAscii };
}

type Word = Omit<Token, 'at'>;

function* wordsOf(source: string): Generator<Word, void> {
  for (const { 0: word, index } of source.matchAll(TOKENS)) {
    yield { text: foldWord(word), start: index, end: index + word.length, isUnspaced: isUnspaced(word) };
  }
}

/** The same for texts that need no tables, several times as fast. */
function asciiWords(source: string): Word[] {
  const folded = source.toLowerCase();
  const words: Word[] = [];
  let start = -1;
  for (let index = 0; index <= folded.length; index += 1) {
    const unit = folded.charCodeAt(index);
    const isLetter = (unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57);
    if (isLetter === start >= 0) continue;
    if (isLetter) {
      start = index;
    } else {
      words.push({ text: folded.slice(start, index), start, end: index, isUnspaced: false });
      start = -1;
    }
  }
  return words;
}

/** Most words have one space between them. */
const isBroken = (source: string, from: number, to: number): boolean =>
  !(to - from === 1 && source[from] === ' ') && BREAKS.test(source.slice(from, to));

interface Span {
  start: number;
  end: number;
}

/** Runs of ASCII without spaces that hold `://`, or an `@` between letters. */
function addressesOf(source: string): Span[] {
  if (!source.includes('://') && !source.includes('@')) return [];
  const spans: Span[] = [];
  for (const { 0: run, index } of source.matchAll(/[!-~]+/g)) {
    if (run.includes('://') || /\w@\w/.test(run)) spans.push({ start: index, end: index + run.length });
  }
  return spans;
}

/** The token that a place in the folded text belongs to. */
export function tokenAt({ tokens }: FoldedText, at: number): Token {
  let low = 0;
  let high = tokens.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tokens[middle]!.at <= at) low = middle;
    else high = middle - 1;
  }
  return tokens[low]!;
}
