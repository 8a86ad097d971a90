import { badInput } from '@app/kernel';

/** Deeper input than any request needs; recursion in validators must not reach the stack's end. */
const MAX_DEPTH = 16;
/** Properties and items of one request together. */
const MAX_VALUES = 10_000;

interface Pending {
  value: unknown;
  path: string;
  depth: number;
}

/** Refuses what PostgreSQL cannot store and what would make validators slow: NUL characters, half surrogate pairs, deep or huge structures. */
export function assertSaneInput(input: unknown, root: string): void {
  const pending: Pending[] = [{ value: input, path: '', depth: 0 }];
  let seen = 0;
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    seen += 1;
    if (seen > MAX_VALUES) throw badInput(root, `must not have more than ${MAX_VALUES} values.`);
    if (typeof item.value === 'string') assertStorable(item.value, item.path || root);
    if (typeof item.value !== 'object' || item.value === null) continue;
    if (item.depth >= MAX_DEPTH) {
      throw badInput(shorten(item.path || root), `must not be nested deeper than ${MAX_DEPTH} levels.`);
    }
    for (const [key, value] of Object.entries(item.value)) {
      const path = item.path === '' ? key : `${item.path}.${key}`;
      assertStorable(key, shorten(path));
      pending.push({ value, path: shorten(path), depth: item.depth + 1 });
    }
  }
}

/** The place of an object that cannot become a text or a number; undefined when there is none. The input has passed {@link assertSaneInput}. */
export function findInconvertible(input: unknown, path = ''): string | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  if (Object.hasOwn(input, 'toString') || Object.hasOwn(input, 'valueOf')) return path === '' ? undefined : path;
  for (const [key, value] of Object.entries(input)) {
    const found = findInconvertible(value, shorten(path === '' ? key : `${path}.${key}`));
    if (found !== undefined) return found;
  }
  return undefined;
}

function assertStorable(text: string, path: string): void {
  if (text.includes('\0')) throw badInput(printable(path), 'must not contain NUL characters (U+0000).');
  if (!text.isWellFormed()) {
    throw badInput(printable(path), 'must be well-formed Unicode (it contains half of a surrogate pair).');
  }
}

const shorten = (path: string): string => (path.length > 100 ? `${path.slice(0, 99)}…` : path);
const printable = (path: string): string => shorten(path.toWellFormed().replaceAll('\0', '\uFFFD'));
