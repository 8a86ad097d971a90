/** How long an outcome counts: between one and two of these. */
const BUCKET_MS = 15_000;
/** More than half of the calls fail: people notice. */
const FAILING_PART = 0.5;
/** So many times the number in a row must have been called before a rate says anything. */
const RATE_SAMPLE_FACTOR = 2;

interface Tally {
  good: number;
  bad: number;
}

/**
 * Decides from the outcomes of one process's calls whether the upstream is down: too many faults in a row, or a rate of faults of half or more with
 * every model. While one model answers, the upstream lives, and another model's faults are that model's own.
 */
export class FailureWindow {
  private inARow = 0;
  private startedAt = -Infinity;
  private now = new Map<string, Tally>();
  private before = new Map<string, Tally>();

  /** @param failures faults in a row; 0: never */
  constructor(private readonly failures: number) {}

  /** @returns whether the upstream counts as down from now on. `at`: a monotonic clock, in milliseconds. */
  record(model: string, isFault: boolean, at: number): boolean {
    this.turn(at);
    const tally = this.now.get(model) ?? { good: 0, bad: 0 };
    this.now.set(model, tally);
    if (!isFault) {
      tally.good += 1;
      this.inARow = 0;
      return false;
    }
    tally.bad += 1;
    this.inARow += 1;
    if (this.failures === 0) return false;
    return this.inARow >= this.failures || this.isFailingEverywhere();
  }

  clear(): void {
    this.inARow = 0;
    this.now.clear();
    this.before.clear();
  }

  private isFailingEverywhere(): boolean {
    const models = [...new Set([...this.now.keys(), ...this.before.keys()])].map((model) => this.tallyOf(model));
    const calls = models.reduce((sum, { good, bad }) => sum + good + bad, 0);
    if (calls < this.failures * RATE_SAMPLE_FACTOR) return false;
    return models.every(({ good, bad }) => bad >= (good + bad) * FAILING_PART);
  }

  private tallyOf(model: string): Tally {
    const [a, b] = [this.now.get(model), this.before.get(model)];
    return { good: (a?.good ?? 0) + (b?.good ?? 0), bad: (a?.bad ?? 0) + (b?.bad ?? 0) };
  }

  private turn(at: number): void {
    if (at - this.startedAt < BUCKET_MS) return;
    const isRecent = at - this.startedAt < 2 * BUCKET_MS;
    // Faults that are minutes apart are not "in a row".
    if (!isRecent) this.inARow = 0;
    this.before = isRecent ? this.now : new Map<string, Tally>();
    this.now = new Map();
    this.startedAt = at;
  }
}
