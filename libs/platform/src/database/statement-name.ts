import { createHash } from 'node:crypto';

/** Statements are written in the code, so there are not many; a bound all the same, since each takes memory on every connection. */
const MAX_NAMES = 500;

const names = new Map<string, string>();

/** A short name that stands for this text on every connection; undefined (do not prepare) once there are too many. */
export function statementName(sql: string): string | undefined {
  const known = names.get(sql);
  if (known !== undefined || names.size >= MAX_NAMES) return known;
  const name = `p_${createHash('sha256').update(sql).digest('base64url').slice(0, 24)}`;
  names.set(sql, name);
  return name;
}
