import { chmodSync, existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { Explained } from '../lib/project.mjs';

/** What a file of the form of .env sets; nothing when there is none. @throws Explained */
export function readEnvFile(file) {
  if (!existsSync(file)) return {};
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Explained(`${file} cannot be read (${error.code ?? error.name}).`);
  }
}

/** Only its owner reads a file with secrets. */
const OWNER_ONLY = 0o600;

export const asLine = (name, value) => `${name}=${/^[\w.:/@+-]*$/.test(value) ? value : JSON.stringify(value)}`;

/**
 * Sets variables in a file of the form of .env; everything else stays as it is. The file is replaced as a whole, so it is never half written.
 * @returns the names whose values changed
 * @throws Explained
 */
export function saveToEnvFile(file, values) {
  const path = existsSync(file) ? realpathSync(file) : file;
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const now = parseEnv(text);
  const changed = Object.keys(values).filter((name) => now[name] !== values[name]);
  if (changed.length === 0) {
    if (text !== '') chmodSync(path, OWNER_ONLY);
    return [];
  }
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  for (const name of changed) set(lines, name, values[name]);
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, `${lines.join('\n')}\n`, { mode: OWNER_ONLY });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new Explained(`${path} cannot be written (${error.code ?? error.name}).`);
  }
  return changed;
}

/** In the place of the last line that sets it, else of one that is commented out, else at the end. */
function set(lines, name, value) {
  const setting = new RegExp(`^\\s*(export\\s+)?${name}\\s*=`);
  const comment = new RegExp(`^\\s*#\\s*${name}\\s*=`);
  let index = lines.findLastIndex((line) => setting.test(line));
  if (index < 0) index = lines.findIndex((line) => comment.test(line));
  if (index < 0) lines.push(asLine(name, value));
  else lines[index] = asLine(name, value);
}
