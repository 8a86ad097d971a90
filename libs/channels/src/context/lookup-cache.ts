/** Results of all channels together, of 4,000 characters at most. */
const MAX_KEPT = 1000;

/** Results of lookups for as long as their settings say. The oldest go first. */
export class LookupCache {
  private readonly kept = new Map<string, { text: string; until: number }>();

  find(key: string): string | undefined {
    const found = this.kept.get(key);
    if (found === undefined || found.until > performance.now()) return found?.text;
    this.kept.delete(key);
    return undefined;
  }

  keep(key: string, text: string, seconds: number): void {
    if (seconds <= 0) return;
    this.kept.delete(key);
    const oldest = this.kept.keys().next();
    if (this.kept.size >= MAX_KEPT && oldest.done !== true) this.kept.delete(oldest.value);
    this.kept.set(key, { text, until: performance.now() + seconds * 1000 });
  }
}
