let failures = 0;

/** One line: `ok`, `warn` or `fail`, what was found, and the fix. Never a value of a variable: it may be a secret. */
export function report(level, what, fix) {
  if (level === 'fail') failures += 1;
  process.stdout.write(`${level.padEnd(4)}  ${what}${fix ? ` — ${fix}` : ''}\n`);
}

export const hasFailed = () => failures > 0;
