import type { StreamEntry, ToolCallState } from '@app/contracts';

/** Between two deltas of one turn: 25 a second look fluent. */
const DELTA_INTERVAL_MS = 40;
/** With many streams the pause grows by this for each, so that a process tells at most about 1,600 deltas a second … */
const INTERVAL_PER_STREAM_MS = 0.6;
/** … and up to this: text that comes less often looks jerky. */
const LONGEST_INTERVAL_MS = 200;

/** The pause between two deltas of one turn, in milliseconds. @param streams watched turns of this process */
export const deltaIntervalMs = (streams: number): number =>
  Math.min(LONGEST_INTERVAL_MS, Math.max(DELTA_INTERVAL_MS, streams * INTERVAL_PER_STREAM_MS));

/** Escaped to six bytes each, this many UTF-16 code units still fit one notification of PostgreSQL (8,000 bytes). */
export const MAX_DELTA_UNITS = 1_200;
/** The same when they are encrypted, which makes four bytes of three. */
export const MAX_ENCRYPTED_DELTA_UNITS = 900;

/** Numbers that may be known to a reader and not yet to the database; see `OutgoingStream.resumeAfter`. */
export const UNSTORED_NUMBERS = 64;

/** What is known of earlier attempts of the turn. */
export interface EarlierEntries {
  lastNumber: number;
  showedText: boolean;
}

interface Hooks {
  /** Called with new entries, in order. */
  emit(entries: StreamEntry[]): void;
  /** The pause between two deltas, as things are now. */
  intervalMs(): number;
}

/**
 * The reply of one attempt as it grows in the worker. Nothing leaves it until somebody watches; from then on text goes out at once after a
 * pause and every 40 ms in a flow (less often when there are many). Entries wait in `unstored` until the database has them; when too many do, text is held back.
 */
export class OutgoingStream {
  /** Entries that the database does not have yet. */
  unstored: StreamEntry[] = [];
  private text = '';
  private sentUnits = 0;
  private lastNumber = 0;
  private isWatched = false;
  private isEnded = false;
  private nextDeltaAt = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly calls = new Map<string, ToolCallState>();

  constructor(
    readonly turnId: number,
    /** May rise while it runs: one attempt can take several requests. */
    public attempt: number,
    private readonly hooks: Hooks,
    private readonly maxDeltaUnits = MAX_DELTA_UNITS,
  ) {}

  /** The number that the turn's last event has, when its end comes now; null when nobody watches. */
  get finalNumber(): number | null {
    return this.isWatched ? this.lastNumber + 1 : null;
  }

  /** No text has come yet. */
  get isEmpty(): boolean {
    return this.text === '';
  }

  get isBeingWatched(): boolean {
    return this.isWatched;
  }

  /** Begins to tell, from the beginning. */
  watch(earlier?: EarlierEntries): void {
    if (this.isWatched || this.isEnded) return;
    this.isWatched = true;
    const first = this.firstEntry(earlier);
    if (first !== undefined) this.send([first]);
    for (const call of this.calls.values()) this.send([{ n: this.nextNumber(), kind: 'tool', call }]);
    this.sendText();
  }

  add(text: string): void {
    this.text += text;
    if (!this.isWatched || this.timer !== undefined) return;
    const waitMs = this.nextDeltaAt - performance.now();
    if (waitMs <= 0) this.sendText();
    else this.timer = setTimeout(() => this.sendText(), waitMs);
  }

  toolCall(call: ToolCallState): void {
    this.calls.set(call.id, call);
    if (!this.isWatched || this.isEnded) return;
    this.sendText();
    this.send([{ n: this.nextNumber(), kind: 'tool', call }]);
  }

  /** Sends what is left; nothing follows. */
  end(): void {
    if (this.isWatched) this.sendText(true);
    clearTimeout(this.timer);
    this.isEnded = true;
  }

  private firstEntry(earlier: EarlierEntries | undefined): StreamEntry | undefined {
    if (earlier === undefined) return { n: this.nextNumber(), kind: 'started' };
    this.lastNumber = earlier.lastNumber;
    return earlier.showedText ? { n: this.nextNumber(), kind: 'reset' } : undefined;
  }

  private sendText(isLast = false): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.isEnded || this.sentUnits === this.text.length) return;
    if (this.unstored.length >= UNSTORED_NUMBERS - 2 && !isLast) {
      // The database is away or slow. The reader must not know numbers that a resume could not place.
      this.timer = setTimeout(() => this.sendText(), DELTA_INTERVAL_MS);
      return;
    }
    const entries: StreamEntry[] = [];
    while (this.sentUnits < this.text.length && (isLast || entries.length + this.unstored.length < UNSTORED_NUMBERS)) {
      const delta = wholeCharacters(this.text, this.sentUnits, this.maxDeltaUnits);
      entries.push({ n: this.nextNumber(), kind: 'delta', offset: this.sentUnits, delta });
      this.sentUnits += delta.length;
    }
    this.nextDeltaAt = performance.now() + this.hooks.intervalMs();
    this.send(entries);
    if (this.sentUnits < this.text.length) this.timer = setTimeout(() => this.sendText(), DELTA_INTERVAL_MS);
  }

  private send(entries: StreamEntry[]): void {
    this.unstored.push(...entries);
    this.hooks.emit(entries);
  }

  private nextNumber(): number {
    return (this.lastNumber += 1);
  }
}

/** At most `max` code units from `start` on, without cutting a character in half. */
function wholeCharacters(text: string, start: number, max: number): string {
  let end = Math.min(start + max, text.length);
  const last = text.charCodeAt(end - 1);
  if (end < text.length && last >= 0xd800 && last <= 0xdbff) end -= 1;
  return text.slice(start, end);
}
