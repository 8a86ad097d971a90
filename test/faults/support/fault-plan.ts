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
  ...Array.from({ length: 14 }, () => 'kill' as const),
  ...Array.from({ length: 3 }, () => 'terminate' as const),
  ...Array.from({ length: 2 }, () => 'pause' as const),
  ...Array.from({ length: 2 }, () => 'long-pause' as const),
];

/** Who is struck how and when, until there are `kills` kills; other faults come in between. The same seed gives the same plan. */
export function planFaults(random: Random, kills: number, size: FleetSize): Fault[] {
  const plan: Fault[] = [];
  while (kills > 0) {
    const fault = nextFault(random, size);
    plan.push(fault);
    if (fault.kind === 'kill') kills -= 1;
  }
  return plan;
}

function nextFault(random: Random, size: FleetSize): Fault {
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
}
