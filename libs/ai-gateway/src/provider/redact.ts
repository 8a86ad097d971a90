const KEY_LIKE = /\b(?:sk|pk|rk|sess)-[\w*.-]{4,}|\bBearer\s+\S+/gi;
const MAX_CHARACTERS = 300;

/** Makes upstream words fit for a log line: without keys, on one line, at most 300 characters. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length >= 6) clean = clean.replaceAll(secret, '[key]');
  }
  clean = clean
    .replace(KEY_LIKE, '[key]')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .toWellFormed();
  return clean.length > MAX_CHARACTERS ? `${clean.slice(0, MAX_CHARACTERS).toWellFormed()}…` : clean;
}
