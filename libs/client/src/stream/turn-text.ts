/** The text of a turn as it grows: deltas at their places. */
export class TurnText {
  text = '';
  private attempt: number | undefined;

  /**
   * Puts a delta in its place. What is there already is cut off from it; a new attempt begins anew.
   * @returns the part that is new and where it begins; undefined when nothing is, or when text before it is missing
   */
  add(attempt: number, offset: number, delta: string): { offset: number; delta: string } | undefined {
    if (attempt !== this.attempt) this.reset(attempt);
    const at = this.text.length;
    if (offset > at) return undefined;
    const fresh = delta.slice(at - offset);
    if (fresh === '') return undefined;
    this.text += fresh;
    return { offset: at, delta: fresh };
  }

  /** Whether a delta begins behind the end of what is known. */
  misses(attempt: number, offset: number): boolean {
    return offset > (attempt === this.attempt ? this.text.length : 0);
  }

  reset(attempt?: number): void {
    this.attempt = attempt;
    this.text = '';
  }
}
