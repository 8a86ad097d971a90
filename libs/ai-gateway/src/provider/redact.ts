const KEY_LIKE = /\b(?:sk|pk|rk|sess)-[\w*.-]{4,}|\bBearer\s+\S+/gi;
const MAX_CHARACTERS = 300;

/** Makes upstream words fit for a log line: without keys, on one line, at most 300 characters. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length >= 6) clean = clean.replaceAll(secret, '[key]');
  }
  clean = onOneLine(clean.replace(KEY_LIKE, '[key]')).trim().toWellFormed();
  return clean.length > MAX_CHARACTERS ? `${clean.slice(0, MAX_CHARACTERS).toWellFormed()}…` : clean;
}

/** Shorter matches are words that complaints and prompts have in common. */
const SHORTEST_QUOTE = 12;

/**
 * A complaint without what it quotes of the prompt: logs say what went wrong, not what was said.
 * @param detail at most some hundred characters
 */
export function withoutQuotes(detail: string, prompt: readonly string[]): string {
  const said = prompt.map(onOneLine);
  let rest = detail;
  let clean = '';
  while (rest.length >= SHORTEST_QUOTE) {
    const length = quoteAtStart(rest, said);
    if (length > 0) clean += clean.endsWith('…') ? '' : '…';
    else clean += rest[0]!;
    rest = rest.slice(Math.max(1, length));
  }
  return (clean + rest).toWellFormed();
}

function quoteAtStart(detail: string, said: readonly string[]): number {
  let length = SHORTEST_QUOTE;
  const where = said.filter((text) => text.includes(detail.slice(0, length)));
  if (where.length === 0) return 0;
  while (length < detail.length && where.some((text) => text.includes(detail.slice(0, length + 1)))) length += 1;
  return length;
}

const onOneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ');
