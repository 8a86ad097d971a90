import type { Random } from './random';

/**
 * `kill`: SIGKILL. `terminate`: SIGTERM, an orderly end. `pause`: SIGSTOP for less than a lease. `long-pause`: for longer than the
 * lease of 6 s, so that somebody else takes the work over and the paused process comes back to find it gone.
 */
export const FAULT_KINDS = ['kill', 'terminate', 'pause', 'long-pause'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  /** Time since the fault before it, in milliseconds. */
  afterMs: number;
  kind: FaultKind;
  app: 'api' | 'worker';
  slot: number;
  /** How long a paused process sleeps, in milliseconds; 0 for the other kinds. */
  pauseMs: number;
}

export interface FleetSize {
  apis: number;
  workers: number;
}

const WEIGHTED: readonly FaultKind[] = [
  ...Array.from({ length: 9 }, () => 'kill' as const),
  ...Array.from({ length: 4 }, () => 'terminate' as const),
  ...Array.from({ length: 4 }, () => 'pause' as const),
  ...Array.from({ length: 3 }, () => 'long-pause' as const),
];

/** Who is struck how and when; the same seed gives the same plan. */
export function planFaults(random: Random, count: number, size: FleetSize): Fault[] {
  return Array.from({ length: count }, () => {
    const kind = random.pick(WEIGHTED);
    const target = random.between(0, size.apis + size.workers - 1);
    const pauseMs = kind === 'pause' ? random.between(200, 3000) : random.between(7000, 10_000);
    return {
      afterMs: random.between(400, 1800),
      kind,
      ...(target < size.apis
        ? { app: 'api' as const, slot: target }
        : { app: 'worker' as const, slot: target - size.apis }),
      pauseMs: kind === 'pause' || kind === 'long-pause' ? pauseMs : 0,
    };
  });
}
