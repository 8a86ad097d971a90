import type { TextLimit } from '../channel-adapter';
import { furthestWithin, lengthOf } from './measure';
import { isSpaceAt, lastGraphemeEnd, lastSentenceEnd, lastSpace, lastWordEnd } from './text-breaks';
import { type CodeBlock, linesOf, type TextLine } from './text-lines';

/** Where a part ends, and where the next one begins. */
interface Break {
  end: number;
  next: number;
  /** The block of code that goes on in the next part. */
  code: CodeBlock | null;
}

/** Below it there is no room for fences and a character. */
const LEAST = 40;

/**
 * A text in parts of at most `limit`, in their order. It is cut where a paragraph or a block of code ends, else at the end of a line, a sentence, a word; never
 * inside a character. A block of code that is longer than a part is closed and opened again. Nothing but white space at the cuts is lost.
 */
export function splitText(text: string, limit: TextLimit): string[] {
  if (limit.max < LEAST) throw new Error(`Parts of ${limit.max} ${limit.unit} are too small; ${LEAST} are the least.`);
  if (lengthOf(text, limit.unit) <= limit.max) return text.trim() === '' ? [] : [text.trimEnd()];
  return new Splitter(text, limit).parts();
}

class Splitter {
  private readonly lines: TextLine[];
  /** Index of the line that `at` is in. */
  private line = 0;
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly limit: TextLimit,
  ) {
    this.lines = linesOf(text);
  }

  parts(): string[] {
    const parts: string[] = [];
    let open: CodeBlock | null = null;
    for (;;) {
      this.skipBlank(open);
      const prefix: string = open === null ? '' : `${open.opening}\n`;
      const rest = this.text.slice(this.at);
      if (lengthOf(prefix, this.limit.unit) + lengthOf(rest, this.limit.unit) <= this.limit.max) {
        if (rest.trim() !== '') parts.push(prefix + rest.trimEnd());
        return parts;
      }
      const found = this.nextBreak(lengthOf(prefix, this.limit.unit), open);
      const content = this.text.slice(this.at, found.end);
      const part =
        prefix + (found.code === null ? content.trimEnd() : `${withoutBreak(content)}\n${found.code.closing}`);
      if (part.trim() !== '') parts.push(part);
      this.at = found.next;
      open = found.code;
    }
  }

  /** Empty lines at the start of a part are left out; in code they are not. */
  private skipBlank(open: CodeBlock | null): void {
    while (this.line + 1 < this.lines.length && (this.lines[this.line + 1]?.start ?? 0) <= this.at) this.line += 1;
    if (open !== null) return;
    while (this.line + 1 < this.lines.length && this.lines[this.line]?.isBlank === true) {
      this.line += 1;
      this.at = Math.max(this.at, this.lines[this.line]?.start ?? 0);
    }
  }

  private nextBreak(prefixLength: number, open: CodeBlock | null): Break {
    const { text, limit } = this;
    const furthest = furthestWithin(text, this.at, limit.max - prefixLength, limit.unit);
    const lineAtEnd = this.lineOf(furthest);
    const code = lineAtEnd.code;
    // Text that ends exactly with a block of code is not inside it.
    if (code !== null && code.end > furthest && code.start < furthest) {
      return this.breakAtCode(code, prefixLength, open);
    }
    const width = furthest - this.at;
    const boundary = this.lastLineEnd(
      furthest,
      (line, next) => line.code !== next.code || next.isBlank || line.isBlank,
    );
    if (boundary !== null && boundary.end - this.at >= width * 0.5) return boundary;
    const lineEnd = this.lastLineEnd(furthest, () => true);
    if (lineEnd !== null && lineEnd.end - this.at >= width * 0.5) return lineEnd;
    return this.breakInText(furthest, width);
  }

  private breakInText(furthest: number, width: number): Break {
    const from = this.at;
    const sentence = lastSentenceEnd(this.text, from, furthest);
    if (sentence !== null && sentence - from >= width * 0.25) return this.between(sentence);
    const word = lastWordEnd(this.text, from, furthest);
    if (word !== null && word > from && this.text.slice(from, word).trim() !== '') return this.between(word);
    return { ...this.between(lastGraphemeEnd(this.text, from, furthest)), code: null };
  }

  /** The window ends in a block of code: before it when the whole of it fits into the next part, else between its lines. */
  private breakAtCode(code: CodeBlock, prefixLength: number, open: CodeBlock | null): Break {
    const { text, limit, at } = this;
    const isBefore = code.start > at && text.slice(at, code.start).trim() !== '';
    const before: Break = { end: code.start, next: code.start, code: null };
    if (isBefore && lengthOf(text.slice(code.start, code.end), limit.unit) <= limit.max) return before;
    const room = limit.max - prefixLength - lengthOf(`\n${code.closing}`, limit.unit);
    const furthest = furthestWithin(text, at, room, limit.unit);
    const end = this.lastLineEnd(furthest, (line, next) => line.code === code && !line.isFence && !next.isFence);
    if (end !== null && end.end > at) return { end: end.end, next: end.end + 1, code };
    // Not one of its lines fits behind what comes before it.
    const firstLine = this.lines[this.lineIndexOf(code.start) + 1]?.start ?? code.end;
    if (furthest <= firstLine && open === null) {
      if (isBefore) return before;
      return { ...this.between(lastGraphemeEnd(text, at, furthest)), code: null };
    }
    const contentStart = Math.max(at, firstLine);
    const space = lastSpace(text, contentStart, furthest);
    const cut =
      space !== null && text.slice(contentStart, space).trim() !== ''
        ? space
        : lastGraphemeEnd(text, contentStart, furthest);
    // What is left may be the closing fence only, which belongs to this part.
    return { end: cut, next: cut, code };
  }

  /** The last end of a line in (at, furthest] that is wanted. */
  private lastLineEnd(furthest: number, isWanted: (line: TextLine, next: TextLine) => boolean): Break | null {
    for (let index = this.lineIndexOf(furthest); index >= this.line; index -= 1) {
      const line = this.lines[index];
      const next = this.lines[index + 1];
      if (!line || !next || line.end > furthest || line.end <= this.at) continue;
      if (isWanted(line, next)) return { end: line.end, next: next.start, code: null };
    }
    return null;
  }

  /** Spaces at a cut are left out. */
  private between(position: number): Break {
    let next = position;
    while (next < this.text.length && this.text.charAt(next) !== '\n' && isSpaceAt(this.text, next)) next += 1;
    return { end: position, next, code: null };
  }

  private lineOf(position: number): TextLine {
    return this.lines[this.lineIndexOf(position)] as TextLine;
  }

  /** By halving: lines are in order. */
  private lineIndexOf(position: number): number {
    let low = 0;
    let high = this.lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.lines[middle]?.start ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

const withoutBreak = (content: string): string => (content.endsWith('\n') ? content.slice(0, -1) : content);
