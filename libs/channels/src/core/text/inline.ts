import { type Mark, type MarkKind, matchRuns, type Run } from './emphasis';

/** How a channel writes what markdown means; null: it has nothing for it. */
export interface InlineDialect {
  marks: Readonly<Record<MarkKind, string | null>>;
  code(text: string): string;
}

type Piece = { kind: 'text'; text: string } | { kind: 'run'; run: Run };

const PLAIN = /(?:(?!https?:\/\/)[^\\`![<&*_~])+/y;
const LINK =
  /!?\[((?:[^[\]\\\n]|\\.){0,500})\]\(\s{0,9}<?([^\s()<>]{1,2000}(?:\([^\s()<>]{0,500}\)[^\s()<>]{0,500})?)>?(?:\s{1,9}"[^"\n]{0,300}"|\s{1,9}'[^'\n]{0,300}')?\s{0,9}\)/y;
const AUTOLINK = /<((?:https?:\/\/|mailto:)[^\s<>]{1,2000}|[^\s<>@]{1,100}@[^\s<>@]{1,200})>/y;
const URL_IN_TEXT = /https?:\/\/[^\s<>*~`]+/y;
/** Stands behind an address more often than in it. */
const URL_END = `_.,;:!?)'"]`;
const LINE_BREAK = /<br\s{0,5}\/?>/iy;
const ENTITY = /&(amp|lt|gt|quot|#39|nbsp);/y;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };
const RUN = /\*+|_+|~+/y;
const ESCAPED = /\\([!-/:-@[-`{-~])/y;

/** The text of a paragraph, a cell or a heading, in the dialect. @param without kinds that are not marked, as it is inside of such a one already */
export function renderInline(markdown: string, dialect: InlineDialect, without: readonly MarkKind[] = []): string {
  const pieces = tokenize(markdown, dialect);
  matchRuns(pieces.flatMap((piece) => (piece.kind === 'run' ? [piece.run] : [])));
  return write(pieces, dialect, without);
}

function tokenize(markdown: string, dialect: InlineDialect): Piece[] {
  const pieces: Piece[] = [];
  const unclosed = new Set<number>();
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(markdown);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const add = (text: string): void => {
    const last = pieces.at(-1);
    if (last?.kind === 'text') last.text += text;
    else pieces.push({ kind: 'text', text });
  };
  while (at < markdown.length) {
    let found: RegExpExecArray | null;
    if ((found = take(PLAIN))) add(found[0]);
    else if ((found = take(ESCAPED))) add(found[1] ?? '');
    else if (markdown.charAt(at) === '`') at = code(markdown, at, dialect, unclosed, add);
    else if ((found = take(LINK))) add(link(found, dialect));
    else if ((found = take(AUTOLINK))) add((found[1] ?? '').replace(/^mailto:/, ''));
    else if (take(LINE_BREAK)) add('\n');
    else if ((found = take(URL_IN_TEXT))) {
      const url = withoutEnd(found[0], URL_END);
      at -= found[0].length - url.length;
      add(url);
    } else if ((found = take(ENTITY))) add(ENTITIES[found[1] ?? ''] ?? '');
    else if ((found = take(RUN))) {
      const run: Run = {
        char: found[0].charAt(0),
        count: found[0].length,
        before: markdown.slice(0, found.index).slice(-2),
        after: markdown.slice(at, at + 2),
        opens: [],
        closes: [],
      };
      pieces.push({ kind: 'run', run });
    } else {
      add(markdown.charAt(at));
      at += 1;
    }
  }
  return pieces;
}

/** A span of code, or the backticks as they are. @returns where it goes on */
function code(
  markdown: string,
  at: number,
  dialect: InlineDialect,
  unclosed: Set<number>,
  add: (text: string) => void,
): number {
  const ticks = /^`+/.exec(markdown.slice(at, at + 50))?.[0] ?? '`';
  const search = /`+/g;
  search.lastIndex = at + ticks.length;
  if (!unclosed.has(ticks.length)) {
    for (let found = search.exec(markdown); found; found = search.exec(markdown)) {
      if (found[0].length !== ticks.length) continue;
      const content = markdown.slice(at + ticks.length, found.index).replaceAll('\n', ' ');
      const isPadded = content.startsWith(' ') && content.endsWith(' ') && content.trim() !== '';
      add(dialect.code(isPadded ? content.slice(1, -1) : content));
      return search.lastIndex;
    }
    unclosed.add(ticks.length);
  }
  add(ticks);
  return at + ticks.length;
}

function withoutEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** `label (address)`; what says the same twice is said once, and a place in the text itself is nowhere here. */
function link(found: RegExpExecArray, dialect: InlineDialect): string {
  const label = renderInline(found[1] ?? '', dialect);
  const target = found[2] ?? '';
  const address = target.replace(/^(mailto|tel):/, '');
  if (label.trim() === '') return address;
  return label === address || target.startsWith('#') ? label : `${label} (${address})`;
}

const WORD_BEFORE = /[\p{L}\p{N}]$/u;
const WORD_AFTER = /^[\p{L}\p{N}]/u;

function write(pieces: Piece[], dialect: InlineDialect, without: readonly MarkKind[]): string {
  const isWritten = (mark: Mark): boolean => mark.isClean && !without.includes(mark.kind);
  for (const [index, piece] of pieces.entries()) {
    if (piece.kind !== 'run') continue;
    // Beside a letter a mark would be shown instead of being understood.
    const { run } = piece;
    if (run.opens.length > 0 && run.count === 0 && WORD_BEFORE.test(nearest(pieces, index, -1))) spoil(run.opens);
    if (run.closes.length > 0 && run.count === 0 && WORD_AFTER.test(nearest(pieces, index, 1))) spoil(run.closes);
  }
  let out = '';
  const stack: string[] = [];
  const open = (): string => stack.join('');
  const close = (): string => [...stack].reverse().join('');
  for (const piece of pieces) {
    if (piece.kind === 'text') {
      // Marks hold for a line only.
      out += stack.length === 0 ? piece.text : piece.text.replace(/(?<!\s)\s*\n\s*/g, `${close()}\n${open()}`);
      continue;
    }
    for (const mark of piece.run.closes) {
      const sign = isWritten(mark) ? dialect.marks[mark.kind] : null;
      if (sign !== null && stack.pop() !== undefined) out += sign;
    }
    out += piece.run.char.repeat(piece.run.count);
    for (const mark of piece.run.opens) {
      const sign = isWritten(mark) ? dialect.marks[mark.kind] : null;
      if (sign === null) continue;
      stack.push(sign);
      out += sign;
    }
  }
  return out;
}

const spoil = (marks: Mark[]): void => {
  for (const mark of marks) mark.isClean = false;
};

/** Up to two characters that are seen beside a run. */
function nearest(pieces: Piece[], index: number, step: 1 | -1): string {
  for (let at = index + step; at >= 0 && at < pieces.length; at += step) {
    const piece = pieces[at];
    if (piece?.kind === 'text' && piece.text !== '') return step === 1 ? piece.text.slice(0, 2) : piece.text.slice(-2);
    if (piece?.kind === 'run' && piece.run.count > 0) return piece.run.char;
  }
  return '';
}
