import type { HeardPosition } from './persistence/listeners.repository';

/** A post can be there for others later than its time says: it is stored and told some time after it was stamped. What comes twice is there once. */
const OVERLAP_MS = 60_000;
/** What is older is no longer waited for. As long as messages wait for a channel that is switched off. */
const LONGEST_BACK_MS = 24 * 3_600_000;
/** So far the other clock may be ahead. Importers and administrators can stamp posts as they like. */
const MAX_AHEAD_MS = 300_000;

/** From when on posts are looked up, in milliseconds. */
export const whereToBegin = ({ from, until }: HeardPosition, nowMs: number): number =>
  Math.max(from.getTime(), Math.min(until.getTime(), nowMs) - OVERLAP_MS, nowMs - LONGEST_BACK_MS);

/** From when on a channel is listened to that never was: after the newest post there is, unless that is stamped with a time to come. @param newestMs 0: there is none */
export const firstPosition = (newestMs: number, nowMs: number): Date =>
  laterOf(null, newestMs, nowMs) ?? new Date(nowMs);

/** A position goes forward only, and not into the future. */
export function laterOf(position: Date | null, ms: number, nowMs: number): Date | null {
  if (ms > nowMs + MAX_AHEAD_MS || ms <= (position?.getTime() ?? 0)) return position;
  return new Date(ms);
}
