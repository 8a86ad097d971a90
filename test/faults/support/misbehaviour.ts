import type { Random } from './random';

/** What a message makes the fake upstream do, and how the turn must end all the same. */
export interface Misbehaviour {
  /** A directive for the fake, put into the message; empty for a plain answer. */
  directive: string;
  ends: 'completed' | 'failed';
}

const retried = (directive: string): Misbehaviour => ({ directive: `[[fake:${directive}]]`, ends: 'completed' });

/** Weighted: the number is how often one of 100 messages draws it; the rest get a plain, slow answer. */
const PROFILE: readonly [number, (random: Random) => Misbehaviour][] = [
  [5, () => retried('500 times=1')],
  [3, () => retried('503 times=2')],
  [5, (random) => retried(`429 retry-after=${random.between(1, 2)} times=1`)],
  [4, (random) => retried(`cut after=${random.between(0, 3)} times=1`)],
  [3, (random) => retried(`reset after=${random.between(1, 3)} times=1`)],
  [2, () => retried('reset-before-headers times=1')],
  [2, () => retried('error after=2 times=1')],
  [2, () => retried('failed after=1 times=1')],
  [2, () => retried('hang times=1')],
  [2, () => retried('hang-stream after=2 times=1')],
  [10, (random) => retried(`reply delay=${random.between(80, 250)} first=200`)],
  [4, () => retried('no-usage')],
  [3, () => retried('incomplete')],
  [2, () => ({ directive: '[[fake:quota]]', ends: 'failed' })],
];

/** Draws how the upstream treats the next message. */
export function drawMisbehaviour(random: Random): Misbehaviour {
  let left = random.between(1, 100);
  for (const [weight, make] of PROFILE) {
    left -= weight;
    if (left <= 0) return make(random);
  }
  return { directive: '', ends: 'completed' };
}

/** What the upstream asked for with `retry-after`, in milliseconds; null when the message makes it ask for nothing. */
export function retryAfterMsOf(content: string): number | null {
  const found = /\[\[fake:429 retry-after=(\d+)/.exec(content);
  return found === null ? null : Number(found[1]) * 1000;
}
