import { AppError } from '@app/kernel';
import { fateOf, MAX_ATTEMPTS, placeOf, reasonOf } from './receive-failures';
import { ReceiveLater } from './receive-later';

describe('what becomes of what could not be done', () => {
  const DAY_MS = 24 * 3_600_000;
  const full = new AppError('CONVERSATION.TOO_MANY_PENDING', 429, 'full', { retryAfterSeconds: 5 });

  it('what waits for something is not given up for it, for a day', () => {
    expect(fateOf(full, MAX_ATTEMPTS, DAY_MS - 1)).toEqual({
      isDead: false,
      reason: 'CONVERSATION.TOO_MANY_PENDING',
      delayMs: 5000,
      isAttempt: false,
    });
    const unpriced = new AppError('BUDGET.PRICE_UNKNOWN', 409, 'no price');
    expect(fateOf(unpriced, MAX_ATTEMPTS, 0)).toMatchObject({ isDead: false, isAttempt: false });
    expect(fateOf(new ReceiveLater('may_be_own', 2000, false), 99, 0)).toMatchObject({ isDead: false, delayMs: 2000 });
    expect(fateOf(full, 1, DAY_MS + 1)).toEqual({ isDead: true, reason: 'CONVERSATION.TOO_MANY_PENDING' });
  });

  it('what fails is tried again more and more seldom, and given up in the end', () => {
    const delays = Array.from({ length: MAX_ATTEMPTS }, (_, index) => fateOf(new TypeError('x'), index + 1, 0));
    expect(delays.map((fate) => (fate.isDead ? 'dead' : fate.delayMs / 1000))).toEqual([
      2,
      4,
      8,
      16,
      32,
      64,
      128,
      'dead',
    ]);
    expect(fateOf(new ReceiveLater('media_unavailable', 30_000, true), 1, 0)).toMatchObject({ delayMs: 30_000 });
  });

  it('nothing that was said gets into reasons and logs', () => {
    const error = new TypeError('cannot read "my secret"');
    expect(reasonOf(error)).toBe('internal:TypeError');
    expect(placeOf(error)).toMatch(/^\s+at /);
    expect(placeOf(error)).not.toContain('my secret');
    expect(placeOf(full)).toBeUndefined();
    expect(reasonOf('my secret')).toBe('internal');
  });
});
