import { ellipsize } from '@app/kernel';

/**
 * Text on one line, at most `maxCharacters` long (an ellipsis marks a cut). Names and values of a prompt come from people
 * who may write line breaks and headings into them; on one line they stay inside their section.
 */
export function oneLine(text: string, maxCharacters: number): string {
  const flat = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    // Invisible characters can hide text from the people who check it; only the joiner of emoji stays.
    .replace(/(?!\u200d)\p{Cf}/gu, '')
    .trim();
  return ellipsize(flat, maxCharacters);
}
