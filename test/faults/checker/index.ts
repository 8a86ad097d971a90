import { checkAccepted } from './check-accepted';
import { checkIsolation } from './check-isolation';
import { checkLedger } from './check-ledger';
import { checkOrder } from './check-order';
import { checkOutcomes } from './check-outcomes';
import { checkPrompts } from './check-prompts';
import { checkStreams } from './check-streams';
import type { Evidence } from './evidence';
import { indexOf } from './evidence-index';
import type { Finding } from './finding';

export { type Evidence, onlyOf, type Queryable, readDatabase } from './evidence';
export type { Finding } from './finding';

/** Everything in the evidence that breaks one of the invariants I1–I7; empty when all of them held. */
export function check(evidence: Evidence): Finding[] {
  const index = indexOf(evidence);
  return [
    ...checkAccepted(index),
    ...checkOutcomes(index),
    ...checkStreams(index),
    ...checkOrder(index),
    ...checkPrompts(index),
    ...checkLedger(index),
    ...checkIsolation(index),
  ];
}
