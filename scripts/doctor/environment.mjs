import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ROOT } from '../lib/project.mjs';
import { report } from './report.mjs';

const LOOPBACK = ['', '127.0.0.1', 'localhost', '::1'];
/** What the tests and Node's own tools read. */
const OTHERS = /^(TEST_|NODE_|npm_|PG[A-Z]+$|TZ$|LANG$|LC_|NO_COLOR$|FORCE_COLOR$|HTTPS?_PROXY$|NO_PROXY$)/i;
/** Shorter names of other programs are too easily alike. */
const MIN_SIMILAR_LENGTH = 8;

/** The environment that a start would have: `.env`, with what is set already on top. */
export function readEnvironment() {
  const file = join(ROOT, '.env');
  const known = knownNames();
  let fromFile = {};
  if (existsSync(file)) {
    try {
      const text = readFileSync(file, 'utf8');
      fromFile = parseEnv(text);
      report('ok', `.env sets ${Object.keys(fromFile).length} variables`);
      reportBadLines(text);
    } catch (error) {
      report(
        'fail',
        `.env cannot be read (${error.code ?? error.name})`,
        'make it a readable text file, like .env.example',
      );
    }
  }
  for (const name of Object.keys(fromFile)) reportUnknown(name, known, true);
  for (const name of Object.keys(process.env)) if (!(name in fromFile)) reportUnknown(name, known, false);
  return { ...fromFile, ...process.env };
}

/** Whether the production rules apply. */
export const isExposed = (env) => env.NODE_ENV === 'production' || !LOOPBACK.includes(env.HOST?.trim() ?? '');

export function checkSecret(env) {
  const keys = (env.SECRET_KEY ?? '').split(',').filter((key) => key.trim() !== '');
  if (keys.length === 0) report('ok', 'SECRET_KEY is not set: npm start makes one in the data directory');
  else if (keys.some((key) => key.trim().length < 32)) {
    report(
      isExposed(env) ? 'fail' : 'warn',
      'SECRET_KEY has less than 32 characters',
      'use the output of: openssl rand -hex 32',
    );
  } else report('ok', `SECRET_KEY has ${keys.length === 1 ? 'one value' : `${keys.length} values`}`);
}

function knownNames() {
  const example = join(ROOT, '.env.example');
  if (!existsSync(example)) return [];
  return [...readFileSync(example, 'utf8').matchAll(/^#?\s*([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]);
}

/** The parser skips what it does not understand, without a word. */
function reportBadLines(text) {
  let isInQuotes = false;
  text.split('\n').forEach((line, index) => {
    const quotes = line.match(/(?<!\\)"/g)?.length ?? 0;
    if (!isInQuotes && !/^\s*(#|$|(export\s+)?[\w.-]+\s*=)/.test(line)) {
      report(
        'warn',
        `.env line ${index + 1} is not of the form NAME=value and is ignored`,
        'correct it, or put a # in front',
      );
    }
    if (quotes % 2 === 1) isInQuotes = !isInQuotes;
  });
}

function reportUnknown(name, known, isInFile) {
  if (known.length === 0 || known.includes(name) || OTHERS.test(name)) return;
  const [near] = known
    .map((candidate) => ({ candidate, typos: likeness(name.toUpperCase(), candidate) }))
    .sort((a, b) => a.typos - b.typos);
  const isTypo =
    near.typos <= Math.min(3, near.candidate.length / 3) && (isInFile || name.length >= MIN_SIMILAR_LENGTH);
  if (isTypo) report('warn', `${name} is not a setting of Parley`, `did you mean ${near.candidate}?`);
  else if (isInFile) report('warn', `.env sets ${name}, which is not a setting of Parley`, 'compare with .env.example');
}

/** Typing errors between two names; one with a word left out (OPENAI_KEY for OPENAI_API_KEY) counts as one. */
function likeness(name, candidate) {
  const words = name.split('_');
  const isShortened = words.length > 1 && words.every((word) => candidate.split('_').includes(word));
  return isShortened ? 1 : distance(name, candidate);
}

/** Letters to insert, remove, replace, or swap with their neighbour. */
function distance(a, b) {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    const [above, twoAbove] = [rows[i - 1], rows[i - 2]];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (isSame ? 0 : 1));
      const isSwapped = twoAbove !== undefined && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) row[j] = Math.min(row[j], twoAbove[j - 2] + 1);
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}
