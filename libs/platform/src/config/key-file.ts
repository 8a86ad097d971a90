import { readFileSync } from 'node:fs';

/** A mounted secret is a few hundred bytes; whatever is larger is another file. */
const MAX_BYTES = 100_000;

/** The keys in a text, one per line or separated by commas; empty lines and lines that begin with `#` are left out. */
export function keysIn(text: string): string[] {
  const keys = text
    .split(/\r?\n/)
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => line.split(','))
    .map((key) => key.trim())
    .filter((key) => key !== '');
  return [...new Set(keys)];
}

/** The keys of a file, or why there are none. What is in it is never repeated: it may be secret although it is no key. */
export function readKeyFile(path: string): string[] | { problem: string } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return { problem: `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})` };
  }
  if (text.length > MAX_BYTES) return { problem: 'is too large for a file of keys' };
  const keys = keysIn(text);
  if (keys.length === 0) return { problem: 'has no key in it' };
  // A key goes into a header: anything else in it would make every call fail, or split the header.
  return keys.every((key) => /^[\x21-\x7e]+$/.test(key)) ? keys : { problem: 'has a line that is no key' };
}
