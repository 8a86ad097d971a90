/** At most so many at a time; who waits is served in the order of arrival. */
export class Slots {
  private readonly waiting: { grant: () => void }[] = [];
  private taken = 0;

  constructor(private readonly size: number) {}

  get inUse(): number {
    return this.taken;
  }

  get waitingCount(): number {
    return this.waiting.length;
  }

  /** Resolves with whether there is a slot for the caller: false when `signal` aborts first. Every true needs one `release`. */
  acquire(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    if (this.taken < this.size) {
      this.taken += 1;
      return Promise.resolve(true);
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const stopWaiting = (): void => {
      this.waiting.splice(this.waiting.indexOf(waiter), 1);
      resolve(false);
    };
    const waiter = {
      grant: (): void => {
        signal.removeEventListener('abort', stopWaiting);
        resolve(true);
      },
    };
    this.waiting.push(waiter);
    signal.addEventListener('abort', stopWaiting, { once: true });
    return promise;
  }

  /** Hands the slot to whoever has waited for the longest time. */
  release(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.taken -= 1;
    else next.grant();
  }
}
