import { LONGEST_MARK, UNFINISHED_PLACEHOLDER } from './placeholders';
import type { Redaction } from './redaction';

/** Longer than any placeholder: what begins like one and goes on for longer is none. */
const LONGEST = LONGEST_MARK + 12;

/**
 * The reply with its values, as it comes in pieces. A piece that may end inside a placeholder is held back for that end alone, at most 36 characters; all text is
 * held back while a placeholder that is not known here is looked up in the conversation. What is given out is never taken back.
 */
export class RestoredReply {
  /** What was given out. */
  text = '';
  private waiting = '';
  private lookUp: Promise<void> | null = null;

  constructor(
    private readonly redaction: Redaction,
    private readonly give: (text: string) => void,
    private readonly escape?: (value: string) => string,
  ) {}

  add(piece: string): void {
    this.waiting += piece;
    if (this.lookUp === null) this.flush(false);
  }

  /** Gives out what is left. To be called however the reply ends. */
  async end(): Promise<void> {
    this.flush(true);
    // One look-up at most: after it, everything is known.
    while (this.lookUp !== null) {
      await this.lookUp;
      this.flush(true);
    }
  }

  private flush(isLast: boolean): void {
    if (this.lookUp !== null) return;
    const end = isLast ? this.waiting.length : startOfUnfinished(this.waiting);
    const ready = this.waiting.slice(0, end);
    if (ready === '') return;
    if (this.redaction.isWorthLookingUp(ready)) {
      this.lookUp = this.redaction.lookUp().finally(() => {
        this.lookUp = null;
        this.flush(isLast);
      });
      // It is awaited at the end; until then a failure is nobody's.
      this.lookUp.catch(() => undefined);
      return;
    }
    this.waiting = this.waiting.slice(end);
    const restored = this.redaction.restore(ready, this.escape);
    this.text += restored;
    this.give(restored);
  }
}

function startOfUnfinished(text: string): number {
  const tail = text.slice(-LONGEST);
  const open = tail.lastIndexOf('[');
  if (open < 0 || !UNFINISHED_PLACEHOLDER.test(tail.slice(open))) return text.length;
  return text.length - tail.length + open;
}
