import { type CountryCode, findPhoneNumbersInText } from 'libphonenumber-js/max';
import type { Span } from './span';

/** What may be part of a telephone number with its extension. */
const RUN = /[+(]{0,3}\d[\d ().\-/~]{4,}(?:(?:;ext=|,? ?(?:ext\.?|x)) ?\d{1,7})?/gi;
/** The matcher takes quadratic time, so it gets no more at a time; a number with its separators is shorter than half of it. */
const WINDOW = 50;
const STEP = 25;
const MIN_DIGITS = 7;
/** E.164 has 15 digits, and `00` may come in front. */
const MAX_GROUP = 17;
/** Digit by digit, with a space after each, a national number has fewer. */
const MAX_GROUPS = 16;
/** National numbers of these countries are written with the 0 that is dialled in front. */
const DIALLED_WITH_ZERO = new Set<CountryCode>([
  'DE',
  'AT',
  'CH',
  'GB',
  'FR',
  'NL',
  'BE',
  'SE',
  'AU',
  'NZ',
  'IE',
  'JP',
  'KR',
  'TR',
  'UA',
  'RO',
  'IL',
  'TH',
  'ZA',
]);
const NAME_CHARACTER = /[A-Za-z0-9_]/;
/** Just before a number: it counts or names something else. */
const OTHER_SIGN = /[#$€£¥₹§=]\s?$/u;
/** What numbers in one piece are, too. */
const OTHER_MEANING =
  /(?:order|invoice|ticket|tracking|serial|customer|account|case|isbn|issn|sku|ref(?:erence)?|id|pid|port|timestamp|epoch|bestell\w*|rechnung\w*|kunden\w*|artikel\w*|auftrag\w*|vorgang\w*|commande|facture|pedido|factura|ordine|fattura|заказ\w*|订单|注文)[\s.:#]{0,3}(?:number|num|no|nr|id|numéro|número)?[\s.:#№号号番]{0,3}$/iu;
const ADDRESS_OF_A_MACHINE = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/**
 * Telephone numbers: international ones always, written with `+` or `00`; national ones of these countries, if they are written as they are dialled there.
 * @param text with plain digits, see `plainDigits`
 */
export function findPhones(text: string, countries: readonly CountryCode[]): Span[] {
  const spans: Span[] = [];
  for (const { index, 0: run } of text.matchAll(RUN)) {
    for (let from = 0; from === 0 || from < run.length - STEP; from += STEP) {
      const piece = run.slice(from, run.length <= WINDOW + STEP ? undefined : from + WINDOW);
      spans.push(...phonesInPiece(text, index + from, piece, countries));
      if (piece.length === run.length) break;
    }
  }
  return spans;
}

function phonesInPiece(text: string, offset: number, piece: string, countries: readonly CountryCode[]): Span[] {
  if (!mayHavePhones(piece)) return [];
  // Of the same length, so that places stay.
  const dialled = piece
    .replace(/(?<![\d+.-]|\d[ ().\-/~]{1,3})00(?=[1-9])/g, ' +')
    // Not dialled from abroad.
    .replace(/(\+\d{1,3} ?)\(0\)/g, '$1   ');
  return [undefined, ...countries]
    .filter((country) => isWorthAsking(dialled, country))
    .flatMap((country) =>
      phonesIn(dialled, country).flatMap(({ start, end, isInternational }): Span[] => {
        const isDialledPrefix = dialled[start] === '+' && piece[start] === '0';
        const from = offset + start - (isDialledPrefix ? 1 : 0);
        const to = offset + end;
        return isNamedOtherwise(text, from, to, isInternational) ? [] : [{ type: 'phone', start: from, end: to }];
      }),
    );
}

/** Spares the matcher what takes it longest and is no number: hardly any digits, far too many in one group, or nothing but tiny groups. */
function mayHavePhones(piece: string): boolean {
  const groups = piece.match(/\d+/g) ?? [];
  const digits = groups.reduce((sum, group) => sum + (group.length > MAX_GROUP ? 0 : group.length), 0);
  return digits >= MIN_DIGITS && groups.length <= MAX_GROUPS;
}

/** Whether the piece has how numbers begin there: the matcher is by far the dearest part. */
function isWorthAsking(dialled: string, country: CountryCode | undefined): boolean {
  if (country === undefined) return dialled.includes('+');
  return !DIALLED_WITH_ZERO.has(country) || /(?<!\d)0/.test(dialled);
}

interface Found {
  start: number;
  end: number;
  isInternational: boolean;
}

function phonesIn(piece: string, country: CountryCode | undefined): Found[] {
  const options = country === undefined ? {} : { defaultCountry: country };
  return findPhoneNumbersInText(piece, options).flatMap(({ number, startsAt, endsAt }) => {
    const written = piece.slice(startsAt, endsAt);
    const isInternational = /^[(\s]*\+/.test(written);
    // Without its country a number is dialled as it is written nationally; dates, prices and versions are not.
    const isNational = country !== undefined && digitsOf(written) === digitsOf(number.formatNational());
    if (!isInternational && !isNational) return [];
    if (!isInternational && ADDRESS_OF_A_MACHINE.test(written)) return [];
    return [{ start: startsAt, end: endsAt, isInternational }];
  });
}

function isNamedOtherwise(text: string, start: number, end: number, isInternational: boolean): boolean {
  if (NAME_CHARACTER.test(text[end] ?? '') && !/x/i.test(text[end]!)) return true;
  if (isInternational) return false;
  const before = text.slice(Math.max(0, start - 40), start);
  if (NAME_CHARACTER.test(before.at(-1) ?? '') || /\d[.,:/-]$/.test(before) || OTHER_SIGN.test(before)) return true;
  const isInOnePiece = /^\d+$/.test(text.slice(start, end));
  return isInOnePiece && OTHER_MEANING.test(before);
}

const digitsOf = (text: string): string => text.replace(/\D/g, '');
