import { pauseAfter } from './webhook-backoff';

describe('pauses between attempts of a webhook', () => {
  it('grow from 5 seconds to 14 hours, with a little chance, and end', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map((attempts) => pauseAfter(attempts, 0))).toEqual([
      5_000,
      300_000,
      1_800_000,
      7_200_000,
      18_000_000,
      36_000_000,
      50_400_000,
      null,
    ]);
    expect(pauseAfter(1, 1)).toBe(6_000);
  });
});
