import type { AppError } from '@app/kernel';
import { titleFrom } from './conversations.service';
import { decodeCursor, encodeCursor } from './cursor';
import { idempotencyKeyOf, wantsAsync } from './send-headers';

describe('the list cursor', () => {
  const cursor = { atMicros: 1_795_241_726_128_123, id: 42 };

  it('comes back as it went out', () => {
    expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
  });

  it.each([
    ['nonsense', 'nonsense'],
    ['other JSON', Buffer.from('{"a":1}').toString('base64url')],
    ['a time beyond all times', encodeCursor({ atMicros: 5e15, id: 1 })],
    ['an id that is none', encodeCursor({ atMicros: 1, id: 1.5 })],
    ['null', Buffer.from('null').toString('base64url')],
  ])('refuses %s with the field', (_what, text) => {
    expect(() => decodeCursor(text)).toThrow(
      expect.objectContaining({ status: 422, code: 'REQUEST.INVALID' }) as AppError,
    );
  });
});

describe('the headers of a send', () => {
  it('takes keys of visible ASCII and refuses others', () => {
    expect(idempotencyKeyOf(undefined)).toBeNull();
    expect(idempotencyKeyOf('order-7f3a')).toBe('order-7f3a');
    for (const bad of ['', 'with space', 'ü', 'x'.repeat(256)]) {
      expect(() => idempotencyKeyOf(bad)).toThrow('Idempotency-Key');
    }
  });

  it('finds respond-async among other preferences', () => {
    expect(wantsAsync('wait=5, Respond-Async')).toBe(true);
    expect(wantsAsync('return=minimal')).toBe(false);
    expect(wantsAsync(undefined)).toBe(false);
  });
});

describe('a title made of the first message', () => {
  it('is its beginning on one line, and never cuts a character in two', () => {
    expect(titleFrom('  Hello\n\tthere  ')).toBe('Hello there');
    const title = titleFrom(`${'x'.repeat(58)}👋👋👋`);
    expect(title.isWellFormed()).toBe(true);
    expect(title.length).toBeLessThanOrEqual(60);
    expect(title.endsWith('…')).toBe(true);
  });
});
