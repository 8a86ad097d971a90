import type { Span } from './detect/span';

/** In UTF-16 code units, of the texts of all settings: 10 MB at the most, with what was found in them. */
const MAX_SIZE = 5_000_000;
/** What a span takes in memory, in the same unit. */
const SPAN_SIZE = 32;

/** What was found in texts that were looked at lately: the same history goes along with every turn. */
export class RememberedSpans {
  private readonly known = new Map<string, readonly Span[]>();
  private size = 0;

  /** @param settings stands for what is looked for */
  of(settings: string, text: string, find: (text: string) => readonly Span[]): readonly Span[] {
    const key = `${settings}:${text}`;
    const known = this.known.get(key);
    const spans = known ?? find(text);
    // Put in again, it is the newest.
    if (known === undefined) this.size += sizeOf(key, spans);
    else this.known.delete(key);
    this.known.set(key, spans);
    for (const [oldest, found] of this.known) {
      if (this.size <= MAX_SIZE) break;
      this.known.delete(oldest);
      this.size -= sizeOf(oldest, found);
    }
    return spans;
  }
}

const sizeOf = (key: string, spans: readonly Span[]): number => key.length + spans.length * SPAN_SIZE;
