import { MAX_ATTEMPTS, pauseAfter } from './send-backoff';

describe('pauses between attempts to send', () => {
  const pauses = Array.from({ length: MAX_ATTEMPTS - 1 }, (_, index) => pauseAfter(index + 1, null, 0));

  it('double from 2 seconds to 5 minutes, with a little chance', () => {
    expect(pauses.slice(0, 9)).toEqual([2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000]);
    expect(Math.max(...pauses)).toBe(300_000);
    expect(pauseAfter(1, null, 1)).toBe(2400);
  });

  it('last longer than a window of 24 hours', () => {
    expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(24 * 3_600_000);
  });

  it('are never shorter than the other system asks for', () => {
    expect(pauseAfter(1, 6000, 0)).toBe(6000);
    expect(pauseAfter(5, 6000, 0)).toBe(32_000);
    expect(pauseAfter(1, 3_600_000, 0)).toBe(3_600_000);
  });
});
