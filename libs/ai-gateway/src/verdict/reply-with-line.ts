import type { Verdict } from '../provider';
import { NO_VERDICT, type ReplyExtractor, toConfidence } from './verdict';

/** The line as it was asked for, and what models make of it. */
const LINE =
  /^\[\[[ \t]*confidence[ \t]*[:=][ \t]*(\d{0,3}(?:\.\d{1,10})?)[ \t]*(%?)[ \t]*[;,][ \t]*human[ \t]*[:=][ \t]*(yes|no|true|false)[ \t]*\]\]/i;
/** Longer than any such line. */
const MAX_LINE = 80;
const MARK = '[[confidence';

/**
 * Takes the last line `[[confidence: 0.8; human: no]]` off a reply that comes in pieces. What may become that line is held back, with the white space before it:
 * that of other text is given out with what comes next.
 */
export class ReplyWithLine implements ReplyExtractor {
  verdict: Verdict = { ...NO_VERDICT };
  isReplyWhole = false;
  isAsAsked = false;
  private held = '';

  add(piece: string): string {
    this.held += piece;
    let ready = '';
    for (;;) {
      const open = this.held.indexOf('[');
      if (open < 0) return ready + this.takeAllButSpace(this.held.length);
      const tail = this.held.slice(open, open + MAX_LINE);
      const found = LINE.exec(tail);
      if (found !== null) {
        // White space before the line goes with it.
        ready += this.held.slice(0, open).trimEnd();
        this.held = this.held.slice(open + found[0].length);
        this.read(found);
      } else if (this.held.length - open < MAX_LINE && isBeginning(tail)) {
        return ready + this.takeAllButSpace(open);
      } else {
        ready += this.held.slice(0, open + 1);
        this.held = this.held.slice(open + 1);
      }
    }
  }

  end(isCut: boolean): string {
    const tail = this.held;
    const line = tail.trim();
    this.held = '';
    if (line === '') {
      this.isReplyWhole ||= !isCut;
      return this.isAsAsked ? '' : tail;
    }
    // A line that was not finished. Of one that was cut, three characters are too many to be something else.
    if (line.toLowerCase().startsWith(MARK) || (isCut && line.length >= 3)) {
      this.isReplyWhole = true;
      return '';
    }
    this.isReplyWhole ||= !isCut;
    return tail;
  }

  /** All up to a place but the white space before it, which may belong to the line. */
  private takeAllButSpace(place: number): string {
    const text = this.held.slice(0, place).trimEnd();
    this.held = this.held.slice(text.length);
    return text;
  }

  private read([, number, percent, human]: RegExpExecArray): void {
    const value = number === '' || number === undefined ? null : Number(number) / (percent === '%' ? 100 : 1);
    this.verdict = { confidence: toConfidence(value), needsHuman: /^(?:yes|true)$/i.test(human!) };
    this.isAsAsked = true;
    this.isReplyWhole = true;
  }
}

/** Whether it may become the line. */
function isBeginning(text: string): boolean {
  const start = text.toLowerCase().replace(/^\[\[[ \t]+/, '[[');
  return start.length <= MARK.length ? MARK.startsWith(start) : start.startsWith(MARK) && !text.includes('\n');
}
