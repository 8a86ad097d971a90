import type { StreamEntry, ToolCallState } from '@app/contracts';
import type { TurnViewRow } from '../persistence/turns.repository';

/** What a reader is told next. `n` is the number up to which it then knows everything. */
export type FeedEvent =
  | { n: number; type: 'turn.started'; attempt: number }
  | { n: number; type: 'message.reset'; attempt: number }
  | { n: number; type: 'message.delta'; attempt: number; offset: number; delta: string }
  | { n: number; type: 'message.tool_call'; attempt: number; call: ToolCallState }
  | { n: number; type: 'end'; view: TurnViewRow };

/** Text that has piled up for a slow reader comes in pieces of about this size, so that its buffer stays small. */
const MAX_DELTA_UNITS = 16_000;

/**
 * The end of a turn that was ended from outside: its worker may have told, and may go on telling, more than is known here, so nobody can say
 * which number comes next. The largest that `Last-Event-ID` may have is the same at every process, and comes after all.
 */
const END_FROM_OUTSIDE = 999_999_999;

interface Mark {
  n: number;
  attempt: number;
  /** A delta: where its text ends. */
  end?: number;
  call?: ToolCallState;
}

/**
 * One turn as this process knows it: the text of its current attempt, and which number stands for how much of it. All readers of the turn
 * share it, each with a place of its own, so a slow reader holds no memory: what it missed, it gets in one piece.
 */
export class TurnFeed {
  private text = '';
  private attempt = 0;
  private startedAt = 0;
  /** The number that the current attempt's text begins after. */
  private base = 0;
  private marks: Mark[] = [];
  /** Entries that came before one that is missing. */
  private early = new Map<number, { attempt: number; entry: StreamEntry }>();
  private end: { n: number; view: TurnViewRow } | undefined;
  lastNumber = 0;
  /** The last number before the end. */
  private toldNumber = 0;

  get isEnded(): boolean {
    return this.end !== undefined;
  }

  /** An entry is missing: it has to be read from the database. */
  get hasGap(): boolean {
    return this.early.size > 0;
  }

  /** Takes entries in any order; those that are known are skipped. */
  take(attempt: number, entries: readonly StreamEntry[]): void {
    if (this.end !== undefined) return;
    for (const entry of entries) {
      if (entry.n <= this.lastNumber) continue;
      // Whatever came before a reset does not matter any more.
      if (entry.n === this.lastNumber + 1 || entry.kind === 'reset') this.apply(attempt, entry);
      else this.early.set(entry.n, { attempt, entry });
    }
    this.takeEarly();
  }

  /** The turn's outcome. What its reply has beyond the text told so far follows first. */
  finish(view: TurnViewRow): void {
    if (this.end !== undefined) return;
    this.early.clear();
    const reply = view.assistant_message;
    const isModelsText = reply !== null && reply.status !== 'fallback';
    this.toldNumber = this.lastNumber;
    let last = view.turn.last_event ?? unnumberedEnd(view, this.lastNumber);
    if (isModelsText && this.missesReset(view, reply.content, last)) {
      // It comes last but two, before the whole text and the end. Who has had it elsewhere throws away what comes again.
      last = Math.max(last, this.lastNumber + 3);
      this.base = last - 2;
      this.text = '';
      this.marks = [];
    }
    if (this.startedAt === 0) {
      this.startedAt = 1;
      // Whoever saw a part of it, when that is not known here any more, begins again.
      this.base = Math.max(1, last - 2);
    }
    this.attempt = view.turn.attempt;
    if (isModelsText && reply.content.startsWith(this.text) && reply.content.length > this.text.length) {
      this.text = reply.content;
      this.marks.push({ n: Math.max(last - 1, this.lastNumber), attempt: this.attempt, end: this.text.length });
    }
    this.end = { n: Math.max(last, this.lastNumber + 1), view };
    this.lastNumber = this.end.n;
  }

  /** The text here is of an attempt that failed, and what came after it got lost. */
  private missesReset(view: TurnViewRow, reply: string, last: number): boolean {
    if (this.text === '') return false;
    const isBehind = this.lastNumber < last - 1;
    return !reply.startsWith(this.text) || (isBehind && this.attempt !== view.turn.attempt);
  }

  /** Whether a number can have been told of this turn. @param slack numbers that may be known to readers and not here */
  knows(n: number, slack: number): boolean {
    if (this.end === undefined) return n <= this.lastNumber + slack;
    const isNumbered = this.end.view.turn.last_event !== null;
    return n === this.end.n || n <= (isNumbered ? this.end.n : this.toldNumber + slack);
  }

  /** What comes after `n`, or undefined when nothing does yet. Text that has piled up comes as one delta. */
  next(after: number): FeedEvent | undefined {
    if (this.startedAt > 0 && after < this.startedAt) {
      return { n: this.startedAt, type: 'turn.started', attempt: this.attempt };
    }
    // Who has seen nothing but the start has no text to throw away.
    if (after < this.base && after > this.startedAt) {
      return { n: this.base, type: 'message.reset', attempt: this.attempt };
    }
    return this.nextMark(after) ?? this.ending(after);
  }

  private ending(after: number): FeedEvent | undefined {
    if (this.end === undefined || after >= this.end.n) return undefined;
    return { n: this.end.n, type: 'end', view: this.end.view };
  }

  private nextMark(after: number): FeedEvent | undefined {
    const from = this.firstAfter(after);
    const first = this.marks[from];
    if (first === undefined) return undefined;
    const { attempt } = first;
    if (first.call !== undefined) return { n: first.n, type: 'message.tool_call', attempt, call: first.call };
    const offset = this.textBefore(from);
    let last = from;
    while ((this.marks[last + 1]?.end ?? Infinity) - offset <= MAX_DELTA_UNITS) last += 1;
    const { n, end } = this.marks[last]!;
    return { n, type: 'message.delta', attempt, offset, delta: this.text.slice(offset, end) };
  }

  private textBefore(index: number): number {
    for (let at = index - 1; at >= 0; at -= 1) {
      const { end } = this.marks[at]!;
      if (end !== undefined) return end;
    }
    return 0;
  }

  private firstAfter(n: number): number {
    let low = 0;
    let high = this.marks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.marks[middle]!.n > n) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private takeEarly(): void {
    for (;;) {
      const next = this.early.get(this.lastNumber + 1);
      if (next === undefined) break;
      this.apply(next.attempt, next.entry);
    }
    for (const n of this.early.keys()) if (n <= this.lastNumber) this.early.delete(n);
  }

  private apply(attempt: number, entry: StreamEntry): void {
    this.lastNumber = entry.n;
    this.attempt = attempt;
    switch (entry.kind) {
      case 'started':
        this.startedAt = entry.n;
        this.base = entry.n;
        break;
      case 'reset':
        if (this.startedAt === 0) this.startedAt = 1;
        this.base = entry.n;
        this.text = '';
        this.marks = [];
        break;
      case 'delta':
        this.text += entry.delta;
        this.marks.push({ n: entry.n, attempt, end: this.text.length });
        break;
      case 'tool':
        this.marks.push({ n: entry.n, attempt, call: entry.call });
    }
  }
}

/** @param lastNumber known so far: a worker that was watched has numbered the end, so there is little */
function unnumberedEnd({ turn, assistant_message: reply }: TurnViewRow, lastNumber: number): number {
  const isFromOutside = turn.status === 'handed_off' || (turn.status === 'cancelled' && reply === null);
  return isFromOutside ? END_FROM_OUTSIDE : lastNumber + 3;
}
