import { FailureWindow } from './failure-window';

describe('FailureWindow', () => {
  const faults = (window: FailureWindow, count: number, model = 'a', at = 0): boolean[] =>
    Array.from({ length: count }, () => window.record(model, true, at));

  it('opens at so many faults in a row', () => {
    expect(faults(new FailureWindow(3), 3)).toEqual([false, false, true]);
  });

  it('starts counting over after an answer', () => {
    const window = new FailureWindow(3);
    faults(window, 2);
    expect(window.record('a', false, 0)).toBe(false);
    expect(faults(window, 2)).toEqual([false, false]);
  });

  it('opens when half of enough calls fail', () => {
    const window = new FailureWindow(4);
    const opened = [1, 2, 3, 4, 5, 6, 7, 8].map((call) => window.record('a', call % 2 === 0, 0));
    expect(opened).toEqual([false, false, false, false, false, false, false, true]);
  });

  it('takes the faults of one model for its own while another one answers', () => {
    const window = new FailureWindow(4);
    for (let call = 0; call < 20; call += 1) {
      expect(window.record('broken', true, 0)).toBe(false);
      window.record('fine', false, 0);
    }
  });

  it('does not add up faults that lie minutes apart', () => {
    const window = new FailureWindow(3);
    expect([0, 60_000, 120_000, 180_000].map((at) => window.record('a', true, at))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('never opens when it is switched off', () => {
    expect(faults(new FailureWindow(0), 100)).not.toContain(true);
  });

  it('knows nothing after it was cleared', () => {
    const window = new FailureWindow(3);
    faults(window, 2);
    window.clear();
    expect(faults(window, 2)).toEqual([false, false]);
  });
});
