/**
 * Every phrase that a notation stands for: groups separated by spaces, choices by `|`, `_` for a space within a choice, `-` for nothing.
 * `speak|talk to|with a|- human` stands for eight phrases.
 */
export function phrasesOf(notation: string): string[] {
  const groups = notation
    .split(' ')
    .map((group) => group.split('|').map((choice) => (choice === '-' ? '' : choice.replaceAll('_', ' '))));
  return groups
    .reduce<string[]>(
      (phrases, choices) => phrases.flatMap((phrase) => choices.map((choice) => `${phrase} ${choice}`)),
      [''],
    )
    .map((phrase) => phrase.replace(/\s+/gu, ' ').trim());
}
