/** As words are compared: without case, accents, punctuation around them, and double spaces. */
export const plainWords = (text: string): string =>
  text
    .slice(0, 200)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
    .replace(/\s+/gu, ' ');

/** Whether a message says one of the words, and nothing else. */
export function saysOneOf(text: string, words: readonly string[]): boolean {
  if (text.length > 200) return false;
  const said = plainWords(text);
  return said !== '' && words.some((word) => plainWords(word) === said);
}
