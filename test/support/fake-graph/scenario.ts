import type { GraphError } from './graph-errors';

/** What becomes of one request; without one it is answered as Meta does. */
export type GraphScenario =
  /** Refused; nothing is sent to the person. */
  | { type: 'error'; error: GraphError }
  /** Answered after so many milliseconds. */
  | { type: 'delay'; delayMs: number }
  /** Taken, but the connection breaks before the answer: the person has the message, the caller does not know. */
  | { type: 'taken-but-cut' }
  /** The connection breaks and nothing is sent. */
  | { type: 'cut' }
  /** Taken, and never answered. */
  | { type: 'taken-but-silent' }
  /** Never answered, never sent. */
  | { type: 'silent' }
  /** What a proxy in between says: no JSON. */
  | { type: 'html'; status: number }
  /** Taken; waits until `release()` of the fake. */
  | { type: 'held' };
