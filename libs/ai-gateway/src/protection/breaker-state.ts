export type BreakerPosition = 'closed' | 'open' | 'half_open';

/** What one process knows of the shared breaker. Times are of a monotonic clock, in milliseconds. */
export interface BreakerView {
  position: BreakerPosition;
  /** While open: from when on a probe may be made. */
  retryAt: number;
  /** While half open: when the probe counts as lost. */
  probeUntil: number;
  /** The fault that opened it. */
  errorCode: string | null;
}

export const CLOSED: BreakerView = { position: 'closed', retryAt: 0, probeUntil: 0, errorCode: null };

/** `ask`: the database decides whether this call becomes the probe. */
export type BreakerVerdict = { kind: 'go' } | { kind: 'ask' } | { kind: 'wait'; ms: number };

/** What a call may do. Closed costs nothing; open waits for its time; half open waits for the probe, or for its loss. */
export function verdictOf(view: BreakerView, now: number): BreakerVerdict {
  if (view.position === 'closed') return { kind: 'go' };
  const until = view.position === 'open' ? view.retryAt : view.probeUntil;
  return until > now ? { kind: 'wait', ms: Math.ceil(until - now) } : { kind: 'ask' };
}

/** What a call tells about the upstream. */
export type Evidence = 'works' | 'fault' | 'nothing';

const FAULTS = new Set([
  'UPSTREAM.UNREACHABLE',
  'UPSTREAM.SERVER_ERROR',
  'UPSTREAM.OVERLOADED',
  'UPSTREAM.TIMEOUT',
  'UPSTREAM.STALLED',
  'UPSTREAM.CUT',
]);

/** @param code of the failure; null for an answer */
export function evidenceOf(code: string | null): Evidence {
  if (code === 'UPSTREAM.CANCELLED') return 'nothing';
  // Whoever says "too many", "wrong key" or "bad request" is there.
  return code !== null && FAULTS.has(code) ? 'fault' : 'works';
}

/** Later pauses are longer: 5 s, 10 s, 20 s, 40 s, 60 s. Also in the SQL of the repository. */
export const LONGEST_COOLDOWN_MS = 60_000;
