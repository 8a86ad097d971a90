import { chooseModel, modelsOf, nextStep } from './model-plan';

const RETRY = { retry: true, delayMs: 800 } as const;
const LONG = { retry: true, delayMs: 30_000 } as const;
const NO = { retry: false } as const;

describe('the models of a persona', () => {
  it('are its own first, and none twice', () => {
    expect(modelsOf('a', ['b', 'a', 'c', 'b'])).toEqual(['a', 'b', 'c']);
  });

  it('retries with the same model while there are retries', () => {
    expect(nextStep('UPSTREAM.SERVER_ERROR', RETRY, 0, 2)).toEqual({ kind: 'retry', delayMs: 800 });
  });

  it.each(['UPSTREAM.MODEL_NOT_FOUND', 'UPSTREAM.RATE_LIMITED', 'UPSTREAM.OVERLOADED', 'UPSTREAM.SERVER_ERROR', 'UPSTREAM.TIMEOUT', 'UPSTREAM.STALLED'])(
    'goes to the next model when %s has no retries left',
    (code) => {
      expect(nextStep(code, NO, 0, 2)).toEqual({ kind: 'next-model', modelIndex: 1 });
      expect(nextStep(code, NO, 1, 2)).toEqual({ kind: 'give-up' });
    },
  ); // prettier-ignore

  it.each([
    'UPSTREAM.UNAUTHORIZED', 'UPSTREAM.FORBIDDEN', 'UPSTREAM.QUOTA_EXHAUSTED', 'UPSTREAM.CONTENT_FILTERED',
    'UPSTREAM.BAD_REQUEST', 'UPSTREAM.UNREACHABLE', 'UPSTREAM.CONTEXT_TOO_LONG',
  ])('does not try another model for %s', (code) => {
    expect(nextStep(code, NO, 0, 2)).toEqual({ kind: 'give-up' });
  }); // prettier-ignore

  it('does not wait for long when another model is there', () => {
    expect(nextStep('UPSTREAM.RATE_LIMITED', LONG, 0, 2)).toEqual({ kind: 'next-model', modelIndex: 1 });
    expect(nextStep('UPSTREAM.RATE_LIMITED', LONG, 1, 2)).toEqual({ kind: 'retry', delayMs: 30_000 });
  });

  it('chooses the first that is free or nearly so, else the one with the shortest wait', () => {
    expect(chooseModel([0, 0], 0)).toEqual({ modelIndex: 0, waitMs: 0 });
    expect(chooseModel([3000, 0], 0)).toEqual({ modelIndex: 0, waitMs: 3000 });
    expect(chooseModel([9000, 0], 0)).toEqual({ modelIndex: 1, waitMs: 0 });
    expect(chooseModel([9000, 60_000, 8000], 0)).toEqual({ modelIndex: 2, waitMs: 8000 });
    expect(chooseModel([0, 9000, 12_000], 1)).toEqual({ modelIndex: 1, waitMs: 9000 });
  });
});
