import type { Span } from './span';

/** RFC 5321. */
const MAX_LOCAL = 64;
const MAX_DOMAIN = 255;

/** What stands unquoted before the @: letters, digits and RFC 5322's other characters. */
const LOCAL = /[\p{L}\p{N}\p{M}.!#$%&'*+/=?^_`{|}~-]/u;
const LABEL = /[\p{L}\p{N}\p{M}-]/u;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
/** Allowed at the beginning of an address, and yet nearly always of the text around it. */
const LEADING = /[.'*`{|/=?!#$%&^~-]/;
/** Written without spaces between words: next to an address in another script, these belong to the sentence. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
const TOP_LEVEL = /^(?:xn--[a-z0-9-]{2,59}|[\p{L}\p{M}]{2,63})/iu;
const ADDRESS_LITERAL = /^\[(?:IPv6:[0-9a-f:.]{2,45}|\d{1,3}(?:\.\d{1,3}){3})\]/i;

/** E-mail addresses, also quoted (`"a b"@x.org`), international, and at IP addresses. Each @ is looked at within fixed bounds, so time is linear. */
export function findEmails(text: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const start = startOfLocal(text, at);
    const end = endOfDomain(text, at + 1);
    if (start === at || end === at + 1 || isCopyPath(text, start, at, end)) continue;
    spans.push({ type: 'email', start, end });
  }
  return spans;
}

function startOfLocal(text: string, at: number): number {
  if (text[at - 1] === '"') {
    const open = text.lastIndexOf('"', at - 2);
    return open >= Math.max(0, at - MAX_LOCAL) && !/[\r\n]/.test(text.slice(open, at)) ? open : at;
  }
  let start = at;
  let isUnspaced: boolean | null = null;
  while (start > 0 && at - start < MAX_LOCAL) {
    const character = characterBefore(text, start);
    if (!LOCAL.test(character)) break;
    if (LETTER_OR_DIGIT.test(character)) {
      isUnspaced ??= UNSPACED.test(character);
      if (UNSPACED.test(character) !== isUnspaced) break;
    }
    start -= character.length;
  }
  while (start < at && LEADING.test(text[start]!)) start += 1;
  return text[at - 1] === '.' ? at : start;
}

function endOfDomain(text: string, from: number): number {
  const literal = ADDRESS_LITERAL.exec(text.slice(from, from + 60));
  if (literal !== null) return from + literal[0].length;
  const labels: string[] = [];
  let end = from;
  while (end - from < MAX_DOMAIN) {
    const label = labelAt(text, end);
    if (label === '') break;
    labels.push(label);
    end += label.length;
    if (text[end] !== '.') break;
    end += 1;
  }
  // The last label has to be one that ends a name; what was taken for labels behind it was the sentence.
  for (let count = labels.length; count >= 2; count -= 1) {
    const top = TOP_LEVEL.exec(labels[count - 1]!);
    if (top === null) continue;
    return from + labels.slice(0, count - 1).reduce((sum, label) => sum + label.length + 1, 0) + top[0].length;
  }
  return from;
}

function labelAt(text: string, from: number): string {
  let end = from;
  let isUnspaced: boolean | null = null;
  while (end < text.length && end - from < 63) {
    const character = String.fromCodePoint(text.codePointAt(end)!);
    if (!LABEL.test(character)) break;
    if (LETTER_OR_DIGIT.test(character)) {
      isUnspaced ??= UNSPACED.test(character);
      if (UNSPACED.test(character) !== isUnspaced) break;
    }
    end += character.length;
  }
  const label = text.slice(from, end);
  return label.startsWith('-') ? '' : label;
}

/** `git@host:group/repository.git` is an address of a repository. */
const isCopyPath = (text: string, start: number, at: number, end: number): boolean =>
  text.slice(start, at) === 'git' && /^:[\w~-]/.test(text.slice(end, end + 2));

function characterBefore(text: string, index: number): string {
  const low = text.charCodeAt(index - 1);
  const isPair = low >= 0xdc00 && low <= 0xdfff && index >= 2;
  return text.slice(index - (isPair ? 2 : 1), index);
}
