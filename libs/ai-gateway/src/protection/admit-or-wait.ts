import { setTimeout as delay } from 'node:timers/promises';
import type { CompletionRequest } from '../provider';
import type { CallPass } from './call-pass';
import { costOf, type HoldCode, type Protection } from './protection';

/** No call may be made, and it would have to wait for longer than its caller does. */
export interface NoAdmission {
  code: HoldCode;
  delayMs: number;
}

/** For calls that are no turns and cannot be put back: waits here while the model is held back, for at most `longestWaitMs` in all. */
export async function admitOrWait(
  protection: Protection,
  request: CompletionRequest,
  longestWaitMs: number,
  signal: AbortSignal,
): Promise<CallPass | NoAdmission> {
  const cost = costOf(request);
  for (let heldMs = 0; ;) {
    const admission = await protection.admit({ models: [request.model], modelIndex: 0, heldMs, cost, signal });
    if (admission.kind === 'go') return admission.pass;
    const { code, delayMs } = admission;
    if (signal.aborted || heldMs + delayMs > longestWaitMs) return { code, delayMs };
    heldMs += delayMs;
    await delay(delayMs, undefined, { signal }).catch(() => undefined);
  }
}
