import type { RetryDecision } from '../retry';

/** A model that is held back for longer is not waited for when there is another one: people watch the screen. */
export const SHORT_WAIT_MS = 5000;

/**
 * Failures that another model of the same upstream may cure. Not: a key, a quota, a filter, a bad request, and an upstream that cannot be
 * reached at all: the other model lives there, too.
 */
const CURABLE = new Set([
  'UPSTREAM.MODEL_NOT_FOUND',
  'UPSTREAM.RATE_LIMITED',
  'UPSTREAM.OVERLOADED',
  'UPSTREAM.SERVER_ERROR',
  'UPSTREAM.TIMEOUT',
  'UPSTREAM.STALLED',
  'UPSTREAM.CUT',
  'UPSTREAM.EMPTY_ANSWER',
  'UPSTREAM.BAD_ANSWER',
]);

export const isCurableByAnotherModel = (code: string): boolean => CURABLE.has(code);

/** The persona's model, then its fallback models, without repetitions. */
export function modelsOf(model: string, fallbackModels: readonly string[]): string[] {
  return [...new Set([model, ...fallbackModels])];
}

export type NextStep =
  { kind: 'retry'; delayMs: number } | { kind: 'next-model'; modelIndex: number } | { kind: 'give-up' };

/**
 * What follows a failed attempt. Each model has the whole number of retries; what would make the turn wait for long goes to the next model
 * at once.
 */
export function nextStep(code: string, decision: RetryDecision, modelIndex: number, modelCount: number): NextStep {
  const canMoveOn = modelIndex + 1 < modelCount && isCurableByAnotherModel(code);
  if (decision.retry && !(canMoveOn && decision.delayMs > SHORT_WAIT_MS)) {
    return { kind: 'retry', delayMs: decision.delayMs };
  }
  return canMoveOn ? { kind: 'next-model', modelIndex: modelIndex + 1 } : { kind: 'give-up' };
}

/**
 * Which model is called now: the first from `from` on that need not wait; one that must wait only shortly is waited for before the next one is taken.
 * When all must wait for long, the one with the shortest wait.
 */
export function chooseModel(waitsMs: readonly number[], from: number): { modelIndex: number; waitMs: number } {
  let best = { modelIndex: from, waitMs: waitsMs[from] ?? 0 };
  for (let modelIndex = from; modelIndex < waitsMs.length; modelIndex += 1) {
    const waitMs = waitsMs[modelIndex]!;
    if (waitMs <= SHORT_WAIT_MS) return { modelIndex, waitMs };
    if (waitMs < best.waitMs) best = { modelIndex, waitMs };
  }
  return best;
}
