/** Where the digits of other scripts begin; each block has ten in a row. */
const ZEROS = [0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50, 0xff10];

const OTHER =
  /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59\uff10-\uff19\uff0b\uff20\u00a0\u2007\u202f\u2010-\u2015\u2212]/g;

/**
 * The text with the digits of other scripts as 0–9, and with plain spaces, hyphens, `+` and `@` for their relatives. Each code unit stands for one: offsets
 * stay. (Arabic, Persian, Devanagari, Bengali, Thai and full-width digits.)
 */
export const plainDigits = (text: string): string => text.replace(OTHER, plainOf);

function plainOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code === 0xff0b) return '+';
  if (code === 0xff20) return '@';
  if (code === 0x00a0 || code === 0x2007 || code === 0x202f) return ' ';
  const zero = ZEROS.find((first) => code >= first && code < first + 10);
  return zero === undefined ? '-' : String(code - zero);
}
