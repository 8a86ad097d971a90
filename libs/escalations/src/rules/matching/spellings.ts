/** `ä` and its like, which people also write as two letters. */
const UMLAUTS = /[äöü]/giu;
const AS_TWO: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue' };

/** The ways in which a word is spelt that folding does not make equal. */
export function spellingsOf(word: string): string[] {
  const two = word.normalize('NFC').replace(UMLAUTS, (letter) => AS_TWO[letter.toLowerCase()]!);
  return two === word ? [word] : [word, two];
}
