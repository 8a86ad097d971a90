/** Things that look like secrets wherever they turn up: keys of OpenAI and Meta, bearer tokens, JWTs, passwords in URLs, ids of support sessions. */
const PATTERNS: readonly [RegExp, string][] = [
  [/sk-[A-Za-z0-9_*-]{6,}/g, 'sk-[redacted]'],
  [/(bearer\s+)[A-Za-z0-9._~+/=-]{8,}/gi, '$1[redacted]'],
  [/eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g, '[redacted-jwt]'],
  // Access tokens of Meta.
  [/\b(?:EAA|IGAA|IGQ)[A-Za-z0-9]{16,}/g, '[redacted]'],
  // All before the @: of a service, the user alone may be the token.
  [/(\w+:\/\/)[^/@\s"]+@/g, '$1[redacted]@'],
  [/([?&][\w.-]*(?:password|token|secret|proof|api[_-]?key|signature|sig)=)[^&\s"]+/gi, '$1[redacted]'],
  // Whoever knows the id of a support session may talk in it, and it stands in paths.
  [/ss_[A-Za-z0-9_-]{32}/g, 'ss_[redacted]'],
  [/([Bb]asic\s+)(?=[a-z+/]*[A-Z0-9])[A-Za-z0-9+/]{8,}={0,2}/g, '$1[redacted]'],
];
const MIN_SECRET_LENGTH = 6;

/** Secrets that came while the process was running, such as keys that were rotated in. */
const learned = new Set<string>();

/** Keeps a secret that was not known at the start out of every log line from now on. */
export function hideFromLogs(secret: string): void {
  if (secret.length >= MIN_SECRET_LENGTH) learned.add(secret);
}

/** Returns a function that takes known secret values, and everything that looks like one, out of a log line. */
export function secretScrubber(secrets: readonly string[]): (line: string) => string {
  const known = [...new Set(secrets)].filter((secret) => secret.length >= MIN_SECRET_LENGTH);
  return (line) => {
    let clean = line;
    for (const secret of known) clean = clean.replaceAll(secret, '[redacted]');
    for (const secret of learned) clean = clean.replaceAll(secret, '[redacted]');
    for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
    return clean;
  };
}
