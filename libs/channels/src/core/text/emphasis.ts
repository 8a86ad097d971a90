export type MarkKind = 'strong' | 'em' | 'strike';

/** A pair of signs that belong together. */
export interface Mark {
  kind: MarkKind;
  /** Both ends stand where a chat understands them. */
  isClean: boolean;
}

/** Signs of one kind in a row, such as `**`. */
export interface Run {
  char: string;
  /** How many are left that mean nothing but themselves. */
  count: number;
  /** Up to two UTF-16 units on each side. */
  before: string;
  after: string;
  /** From the outermost to the innermost. */
  opens: Mark[];
  /** From the innermost to the outermost. */
  closes: Mark[];
}

/** Openers that are looked at for a closer; keeps the work in proportion to the text. */
const MAX_DEPTH = 40;

const SPACE_BEFORE = /(^|\s)$/u;
const SPACE_AFTER = /^(\s|$)/u;
const PUNCTUATION_BEFORE = /[\p{P}\p{S}]$/u;
const PUNCTUATION_AFTER = /^[\p{P}\p{S}]/u;

/** Finds what belongs together, by the rules of https://spec.commonmark.org/0.31.2/#emphasis-and-strong-emphasis, but taking `**` beside punctuation and letters too. */
export function matchRuns(runs: Run[]): void {
  const openers: Run[] = [];
  for (const run of runs) {
    if (canClose(run)) closeWith(run, openers);
    if (run.count > 0 && canOpen(run)) openers.push(run);
    if (openers.length > MAX_DEPTH) openers.shift();
  }
}

function closeWith(closer: Run, openers: Run[]): void {
  for (let index = openers.length - 1; index >= 0 && closer.count > 0;) {
    const opener = openers[index];
    if (!opener || opener.char !== closer.char || !isEnough(opener, closer)) {
      index -= 1;
      continue;
    }
    const length = Math.min(opener.count, closer.count, 2);
    const kind = closer.char === '~' ? 'strike' : length === 2 ? 'strong' : 'em';
    const mark: Mark = { kind, isClean: true };
    opener.opens.unshift(mark);
    closer.closes.push(mark);
    opener.count -= length;
    closer.count -= length;
    // Whatever was opened in between is not closed any more.
    openers.length = opener.count > 0 ? index + 1 : index;
    index = openers.length - 1;
  }
}

/** One `~` is a sign for "about". */
const isEnough = (opener: Run, closer: Run): boolean =>
  closer.char !== '~' || (opener.count === 2 && closer.count === 2);

function canOpen(run: Run): boolean {
  if (SPACE_AFTER.test(run.after)) return false;
  if (run.char === '*' && run.count >= 2) return true;
  if (!isLeft(run)) return false;
  return run.char !== '_' || !isRight(run) || PUNCTUATION_BEFORE.test(run.before);
}

function canClose(run: Run): boolean {
  if (SPACE_BEFORE.test(run.before)) return false;
  if (run.char === '*' && run.count >= 2) return true;
  if (!isRight(run)) return false;
  return run.char !== '_' || !isLeft(run) || PUNCTUATION_AFTER.test(run.after);
}

const isLeft = ({ before, after }: Run): boolean =>
  !SPACE_AFTER.test(after) &&
  (!PUNCTUATION_AFTER.test(after) || SPACE_BEFORE.test(before) || PUNCTUATION_BEFORE.test(before));

const isRight = ({ before, after }: Run): boolean =>
  !SPACE_BEFORE.test(before) &&
  (!PUNCTUATION_BEFORE.test(before) || SPACE_AFTER.test(after) || PUNCTUATION_AFTER.test(after));
