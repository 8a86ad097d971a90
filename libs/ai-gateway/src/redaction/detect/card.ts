import type { Span } from './span';

/** First digits and lengths of what the card networks issue; without them one order number in ten would do. */
const ISSUED: readonly [prefix: RegExp, lengths: readonly number[]][] = [
  // Visa; the 13 digits of long ago are what article and order numbers have today
  [/^4/, [16, 19]],
  // Mastercard
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  // American Express
  [/^3[47]/, [15]],
  // Discover, RuPay
  [/^(?:6011|64[4-9]|65|60|81|82|508)/, [16, 17, 18, 19]],
  // Diners Club
  [/^(?:30[0-5]|3095|36|38|39)/, [14, 15, 16, 17, 18, 19]],
  // JCB
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  // UnionPay
  [/^62/, [16, 17, 18, 19]],
  // Maestro
  [/^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, [12, 13, 14, 15, 16, 17, 18, 19]],
  // Mir, Troy
  [/^(?:220[0-4]|9792)/, [16, 17, 18, 19]],
];

const SHORTEST = 12;
const LONGEST = 19;

/** Digits with single separators between them. */
const RUN = /\d+(?:[ .-]\d+)*/g;
const NAME_CHARACTER = /[A-Za-z0-9_]/;

/** Card numbers with a known issuer and a right check digit, in one piece or in groups. */
export function findCards(text: string): Span[] {
  const spans: Span[] = [];
  for (const { index, 0: run } of text.matchAll(RUN)) {
    if (run.length < SHORTEST || NAME_CHARACTER.test(text[index - 1] ?? '')) continue;
    spans.push(...cardsIn(run, index));
  }
  return spans;
}

interface Group {
  digits: string;
  start: number;
}

/** Every card begins and ends with a group; from each group on at most 19 digits are looked at. */
function cardsIn(run: string, offset: number): Span[] {
  const groups: Group[] = [...run.matchAll(/\d+/g)].map(({ index, 0: digits }) => ({ digits, start: offset + index }));
  const spans: Span[] = [];
  for (let first = 0; first < groups.length; first += 1) {
    const last = lastGroupOfCard(groups, first);
    if (last === null) continue;
    const { digits, start } = groups[last]!;
    spans.push({ type: 'card', start: groups[first]!.start, end: start + digits.length });
    first = last;
  }
  return spans;
}

function lastGroupOfCard(groups: readonly Group[], first: number): number | null {
  let digits = '';
  let found: number | null = null;
  for (let last = first; last < groups.length; last += 1) {
    digits += groups[last]!.digits;
    if (digits.length > LONGEST) break;
    if (digits.length >= SHORTEST && isCard(digits) && isGroupedLikeCard(groups.slice(first, last + 1))) found = last;
  }
  return found;
}

const isCard = (digits: string): boolean =>
  ISSUED.some(([prefix, lengths]) => prefix.test(digits) && lengths.includes(digits.length)) && hasCheckDigit(digits);

/** Cards are written in one piece or in groups of three digits and more; dates and times are not. */
const isGroupedLikeCard = (groups: readonly Group[]): boolean =>
  groups.length === 1 || groups.slice(0, -1).every(({ digits }) => digits.length >= 3);

/** Luhn, ISO/IEC 7812. */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits[digits.length - 1 - place]);
    sum += place % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0);
  }
  return sum % 10 === 0;
}
