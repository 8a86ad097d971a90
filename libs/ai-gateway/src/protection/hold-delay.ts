const SHORTEST_MS = 250;

/**
 * How long a turn is put back for: as long as it must wait, and a bit more, so that those who waited together do not come back together.
 * @param waitMs what it must wait at least
 * @param isTold the upstream named that time; otherwise it is a guess, and a turn that has waited for long need not ask again so soon
 * @param heldMs for how long it has been held back before: who has waited for long looks less often
 * @param random from 0 to 1
 */
export function holdDelayMs(waitMs: number, isTold: boolean, heldMs: number, random: number): number {
  const patience = Math.min(5000, Math.max(SHORTEST_MS, heldMs / 4));
  const base = isTold ? Math.max(waitMs, SHORTEST_MS) : Math.max(waitMs, patience);
  const spread = Math.min(5000, Math.max(SHORTEST_MS, base / 4));
  return Math.round(base + random * spread);
}
