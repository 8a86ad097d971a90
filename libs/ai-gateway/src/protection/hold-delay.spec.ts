import { holdDelayMs } from './hold-delay';

describe('holdDelayMs', () => {
  it('waits at least as long as the upstream asked, and spreads who comes back', () => {
    expect(holdDelayMs(3000, true, 0, 0)).toBe(3000);
    expect(holdDelayMs(3000, true, 0, 1)).toBe(3750);
    expect(holdDelayMs(60_000, true, 0, 1)).toBe(65_000);
  });

  it('looks less often the longer it has waited', () => {
    expect([0, 4000, 12_000, 100_000].map((heldMs) => holdDelayMs(10, false, heldMs, 0))).toEqual([
      250, 1000, 3000, 5000,
    ]);
  });
});
