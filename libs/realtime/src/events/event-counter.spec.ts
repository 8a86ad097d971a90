import { EventCounter } from './event-counter';

describe('EventCounter', () => {
  const verdicts = (
    counter: EventCounter,
    data: { windowStartMs: number; windowEvents: number },
    atMs: number,
    n: number,
  ): string[] => Array.from({ length: n }, () => counter.count(data, atMs).verdict);

  it('takes as many events as allowed, refuses as many again, and then calls it a flood', () => {
    const data = { windowStartMs: 0, windowEvents: 0 };
    expect(verdicts(new EventCounter(2), data, 50_000, 5)).toEqual(['ok', 'ok', 'tooFast', 'tooFast', 'flood']);
  });

  it('begins anew after ten seconds, and says how long that is', () => {
    const counter = new EventCounter(1);
    const data = { windowStartMs: 0, windowEvents: 0 };
    expect(verdicts(counter, data, 50_000, 1)).toEqual(['ok']);
    expect(counter.count(data, 53_500)).toEqual({ verdict: 'tooFast', retryAfterSeconds: 7 });
    expect(counter.count(data, 60_000).verdict).toBe('ok');
  });
});
