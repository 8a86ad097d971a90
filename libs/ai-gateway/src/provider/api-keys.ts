/** Why a key is not used for a while. */
export type KeyTrouble = 'UPSTREAM.UNAUTHORIZED' | 'UPSTREAM.QUOTA_EXHAUSTED';

/** Operators put things right within minutes, and a look costs one refused request. */
const LOOK_AGAIN_MS = 5 * 60_000;

export interface KeysHooks {
  /** A key was put aside. `lastCharacters` is all of it that may be shown. */
  onPutAside?(lastCharacters: string, trouble: KeyTrouble): void;
  onBack?(lastCharacters: string): void;
  /** All are aside: are there other ones by now? True when `replace` was called. */
  onNoneLeft?(): boolean;
  /** By a monotonic clock, in milliseconds. */
  now?(): number;
}

/** The last 4 characters of a key, or fewer of a short one: enough to tell keys apart, too little to use them. */
export const endOf = (key: string): string => (key.length < 12 ? '****' : key.slice(-4));

/**
 * The keys of one upstream, used in turn. One that is refused or out of quota is put aside for five minutes; when all are, the one that has
 * been aside for the longest time is used, so that its error is what people are told and a repaired account is noticed.
 */
export class ApiKeys {
  private keys: string[];
  private next = 0;
  private readonly aside = new Map<string, number>();
  private readonly now: () => number;

  constructor(
    keys: readonly string[],
    private readonly hooks: KeysHooks = {},
  ) {
    if (keys.length === 0) throw new Error('At least one key is needed.');
    this.keys = [...keys];
    this.now = (): number => hooks.now?.() ?? performance.now();
  }

  get size(): number {
    return this.keys.length;
  }

  get asideCount(): number {
    return this.keys.filter((key) => this.isAside(key)).length;
  }

  /** The key for the next request. A call that is under way keeps the one it has. */
  take(): string {
    for (let step = 0; step < this.keys.length; step += 1) {
      const index = (this.next + step) % this.keys.length;
      const key = this.keys[index]!;
      if (this.isAside(key)) continue;
      this.next = index + 1;
      return key;
    }
    return this.keys.reduce((oldest, key) => (this.aside.get(key)! < this.aside.get(oldest)! ? key : oldest));
  }

  /** The same one as long as it works, for what belongs to the account of a key: conversations are not shared between projects. */
  first(): string {
    return this.keys.find((key) => !this.isAside(key)) ?? this.take();
  }

  /** @returns whether another key may do what this one could not */
  putAside(key: string, trouble: KeyTrouble): boolean {
    if (this.keys.includes(key)) {
      const wasAside = this.aside.has(key);
      this.aside.set(key, this.now() + LOOK_AGAIN_MS);
      if (!wasAside) this.hooks.onPutAside?.(endOf(key), trouble);
    }
    return this.hasUsable() || (this.hooks.onNoneLeft?.() === true && this.hasUsable());
  }

  /** The upstream took this key. */
  works(key: string): void {
    if (this.aside.size > 0 && this.aside.delete(key)) this.hooks.onBack?.(endOf(key));
  }

  /** Takes other keys from now on. One that stays keeps its state; a new one starts with a good name. */
  replace(keys: readonly string[]): void {
    this.keys = [...keys];
    this.next = 0;
    for (const key of this.aside.keys()) if (!this.keys.includes(key)) this.aside.delete(key);
  }

  private hasUsable(): boolean {
    return this.keys.some((key) => !this.isAside(key));
  }

  private isAside(key: string): boolean {
    const until = this.aside.get(key);
    return until !== undefined && until > this.now();
  }
}
