/** Cuts at a character boundary (never inside a surrogate pair) and marks the cut with an ellipsis; `maxLength` in UTF-16 units. */
export function ellipsize(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  let cut = text.slice(0, maxLength - 1);
  if (!cut.isWellFormed()) cut = cut.slice(0, -1);
  return `${cut.trimEnd()}…`;
}

/** As PostgreSQL can store it: it takes neither NUL nor half surrogate pairs, and models produce both. */
export const storable = (text: string): string => text.replaceAll('\0', '').toWellFormed();

/** All white space, line breaks included, becomes single spaces. */
export const singleLine = (text: string): string => text.replace(/\s+/gu, ' ').trim();
