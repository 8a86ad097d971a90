const sentences = new Intl.Segmenter(undefined, { granularity: 'sentence' });
const words = new Intl.Segmenter(undefined, { granularity: 'word' });
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How far back a boundary is looked for; also bounds the work. */
const LOOK_BACK = 2000;
/** A character with more marks than this is cut: nobody can read it. */
const LONGEST_GRAPHEME = 400;

/** What belongs to the character before it, even when that is a space. */
const BELONGS_BEFORE = /^[\p{M}\p{Emoji_Modifier}\u200c\u200d]/u;

/** White space at this place that is a character by itself. */
export const isSpaceAt = (text: string, at: number): boolean =>
  /\s/u.test(text.charAt(at)) && !isInsideCharacter(text, at + 1);

const isInsideCharacter = (text: string, at: number): boolean => BELONGS_BEFORE.test(text.slice(at, at + 2));

/** The last end of a sentence in (start, end]; null when there is none. Between sentences there is white space, or they end with a full stop that needs none. */
export function lastSentenceEnd(text: string, start: number, end: number): number | null {
  const from = Math.max(start, end - LOOK_BACK);
  let last: number | null = null;
  // A little more than the window, so that a sentence that ends with it is seen to end.
  const window = text.slice(from, end + 2);
  for (const { index } of sentences.segment(window)) {
    const at = from + index;
    if (at > start && at <= end && !isInsideCharacter(text, at) && /[\s。！？｡]/u.test(window.charAt(index - 1))) {
      last = at;
    }
  }
  return last;
}

/** The last place in (start, end] that has white space behind or before it; null when there is none. */
export function lastSpace(text: string, start: number, end: number): number | null {
  if (isSpaceAt(text, end)) return end;
  const from = Math.max(start, end - LOOK_BACK);
  for (let at = end; at > from; at -= 1) if (isSpaceAt(text, at - 1)) return at;
  return null;
}

/** The last place in (start, end] at which no word is cut; null when there is none. */
export function lastWordEnd(text: string, start: number, end: number): number | null {
  const space = lastSpace(text, start, end);
  if (space !== null) return space;
  // Scripts that write no spaces; the last piece may be cut by the window itself.
  const near = Math.max(start, end - 100);
  const window = text.slice(near, end + 20);
  let last: number | null = null;
  let isScriptWithSpaces = false;
  for (const { index, segment, isWordLike } of words.segment(window)) {
    // Where the window begins may be inside of one.
    if (index > 0 && near + index <= end && isWordLike === true) last = near + index;
    if (isWordLike === true && /^[\p{Script=Latin}\p{N}]+$/u.test(segment)) isScriptWithSpaces = true;
  }
  return isScriptWithSpaces ? null : last;
}

/**
 * The last place in (start, end] at which no character is cut, as people see characters; `end` itself when a single one is larger than all that. It counts from
 * `start`, which is such a place itself: of a row of flags nobody could tell in the middle which halves belong together.
 */
export function lastGraphemeEnd(text: string, start: number, end: number): number {
  if (end >= text.length) return end;
  let last = start;
  for (const { index } of graphemes.segment(text.slice(start, end + LONGEST_GRAPHEME))) {
    if (start + index > end) break;
    last = start + index;
  }
  return last > start ? last : end;
}
