/** So long the same is not said again to the same person. */
const EVERY_MS = 3_600_000;
/** People that are remembered; about 100 bytes each. */
const MAX_PEOPLE = 10_000;

/** To whom something was said within the last hour, as far as this process knows: whoever writes on and on, a program perhaps, is not answered on and on. */
export class ToldLately {
  /** The oldest first. */
  private readonly at = new Map<string, number>();

  /** @param now in milliseconds, by a clock that never goes back */
  has(who: string, now = performance.now()): boolean {
    const at = this.at.get(who);
    return at !== undefined && now - at < EVERY_MS;
  }

  add(who: string, now = performance.now()): void {
    this.at.delete(who);
    this.at.set(who, now);
    const [oldest] = this.at.keys();
    if (this.at.size > MAX_PEOPLE && oldest !== undefined) this.at.delete(oldest);
  }
}
