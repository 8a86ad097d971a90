import type { RateLimits, RateWindow } from '../provider';

/** Below this part of a limit, workers ask each other before they call. */
const SCARCE_PART = 0.2;
/** Limits so small that a few workers could use them up before they hear of each other are shared from the start. */
const SCARCE_REQUESTS = 50;
/** How many processes like this one may be calling at the same time without our knowing. */
const ASSUMED_WORKERS = 4;
/** What was announced longer ago says nothing any more: a limit may have been raised, or a server may have stopped announcing. */
const FORGET_AFTER_MS = 10 * 60_000;

interface KnownWindow {
  limit: number | null;
  remaining: number;
  resetAt: number;
}

/** What one process knows of one model's limits. Times are of a monotonic clock, in milliseconds. */
export class ModelBudget {
  private requests: KnownWindow | null = null;
  private tokens: KnownWindow | null = null;
  private learnedAt = -Infinity;
  private heldUntil = -Infinity;
  private deniedUntil = -Infinity;
  private refusalsInARow = 0;
  /** Calls that are under way without a reservation and of which the upstream has not told yet that it counted them. */
  unanswered = 0;
  /** The shared row knows of this process's unanswered calls. */
  hasJoined = false;

  /** How long the model is held back, in milliseconds; 0: it is not. */
  waitMs(now: number): number {
    return Math.max(0, Math.ceil(Math.max(this.heldUntil, this.deniedUntil) - now));
  }

  isHeld(now: number): boolean {
    return this.heldUntil > now;
  }

  /** Nothing is known, and nothing is under way: forgetting it changes nothing. */
  isIdle(now: number): boolean {
    return this.unanswered === 0 && this.waitMs(now) === 0 && !this.isKnown(now);
  }

  /** Takes what the upstream announced with an answer. */
  learn(limits: RateLimits, now: number): void {
    this.learnedAt = now;
    this.requests = known(limits.requests, now);
    this.tokens = known(limits.tokens, now);
    if (this.hasSome(now)) this.deniedUntil = -Infinity;
    if (this.isAmple(0, now)) this.hasJoined = false;
  }

  /** Takes what another worker wrote down; what this process knows itself counts while it is the smaller number. */
  adopt(limits: RateLimits, now: number): void {
    this.requests = smaller(this.isKnown(now) ? this.requests : null, known(limits.requests, now), now);
    this.tokens = smaller(this.isKnown(now) ? this.tokens : null, known(limits.tokens, now), now);
    this.learnedAt = Math.max(this.learnedAt, now);
  }

  /**
   * Whether a call can go out without asking anybody: more is left than all workers together can use up before they hear of it.
   * @param cost tokens that the call will count for, roughly
   */
  isAmple(cost: number, now: number): boolean {
    if (!this.isKnown(now)) return true;
    const calls = this.unanswered + 1;
    const inFlight = ASSUMED_WORKERS * calls;
    return (
      hasRoom(this.requests, calls, Math.max(SCARCE_REQUESTS, inFlight), now) &&
      hasRoom(this.tokens, calls * cost, inFlight * cost, now)
    );
  }

  /** What is known now, for the shared row; windows that have ended are full again. */
  current(now: number): RateLimits {
    return { requests: announced(this.requests, now), tokens: announced(this.tokens, now) };
  }

  hold(ms: number, now: number): void {
    this.heldUntil = Math.max(this.heldUntil, now + ms);
  }

  /** The shared row had nothing left: do not ask again for a moment. */
  deny(ms: number, now: number): void {
    this.deniedUntil = Math.max(this.deniedUntil, now + ms);
  }

  /** How long to hold after a 429 that does not say it: 1 s, 2 s, 4 s … 30 s while one follows the other. */
  refused(): number {
    this.refusalsInARow += 1;
    return this.guessMs;
  }

  /** The pause that the refusals so far call for, in milliseconds. */
  get guessMs(): number {
    return Math.min(30_000, 1000 * 2 ** Math.max(0, this.refusalsInARow - 1));
  }

  answered(): void {
    this.refusalsInARow = 0;
  }

  private hasSome(now: number): boolean {
    return [this.requests, this.tokens].every((window) => window === null || leftIn(window, now) > 0);
  }

  private isKnown(now: number): boolean {
    return now - this.learnedAt < FORGET_AFTER_MS && (this.requests !== null || this.tokens !== null);
  }
}

const known = (window: RateWindow | null, now: number): KnownWindow | null =>
  window === null ? null : { limit: window.limit, remaining: window.remaining, resetAt: now + window.resetMs };

const leftIn = (window: KnownWindow, now: number): number =>
  window.resetAt > now ? window.remaining : (window.limit ?? Infinity);

function hasRoom(window: KnownWindow | null, uses: number, reserve: number, now: number): boolean {
  if (window === null) return true;
  return leftIn(window, now) - uses >= Math.max(reserve, (window.limit ?? 0) * SCARCE_PART);
}

function smaller(a: KnownWindow | null, b: KnownWindow | null, now: number): KnownWindow | null {
  if (a === null || b === null) return a ?? b;
  return leftIn(a, now) <= leftIn(b, now) ? a : b;
}

function announced(window: KnownWindow | null, now: number): RateWindow | null {
  if (window === null) return null;
  const left = leftIn(window, now);
  if (!Number.isFinite(left)) return null;
  return { limit: window.limit, remaining: left, resetMs: Math.max(0, Math.ceil(window.resetAt - now)) };
}
