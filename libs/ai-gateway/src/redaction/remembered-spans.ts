import type { Span } from './detect/span';

/** In UTF-16 code units, of all texts of one persona's settings: 2 MB. */
const MAX_CHARACTERS = 1_000_000;

/** What was found in texts that were looked at lately: the same history goes along with every turn. */
export class RememberedSpans {
  private readonly known = new Map<string, readonly Span[]>();
  private characters = 0;

  constructor(private readonly find: (text: string) => readonly Span[]) {}

  of(text: string): readonly Span[] {
    const known = this.known.get(text);
    const spans = known ?? this.find(text);
    // Put in again, it is the newest.
    if (known === undefined) this.characters += text.length;
    else this.known.delete(text);
    this.known.set(text, spans);
    for (const oldest of this.known.keys()) {
      if (this.characters <= MAX_CHARACTERS) break;
      this.known.delete(oldest);
      this.characters -= oldest.length;
    }
    return spans;
  }
}
