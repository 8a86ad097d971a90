import { type Bounds, judge } from './flatness';
import type { Sample } from './sampler';

const bounds: Bounds = {
  heapMiB: { share: 0.1, amount: 8 },
  rssMiB: { share: 0.2, amount: 60 },
  handles: { share: 0, amount: 10 },
  resources: { share: 0, amount: 30 },
  emitters: { share: 0.1, amount: 100 },
  listeners: { share: 0.1, amount: 200 },
};

/** 40 samples, one per second, of a heap that is `heap(second)`; listeners are counted twice only. */
const samples = (heap: (second: number) => number): Sample[] =>
  Array.from({ length: 40 }, (_, second) => ({
    atMs: second * 1000,
    heapMiB: heap(second),
    rssMiB: 100,
    handles: null,
    resources: 20,
    emitters: second === 10 || second === 39 ? 50 : null,
    listeners: second === 10 ? 100 : second === 39 ? 400 : null,
  }));
const growing = (heap: (second: number) => number): string[] =>
  judge('api', samples(heap), 10_000, bounds)
    .filter(({ isFlat }) => !isFlat)
    .map(({ figure }) => figure);

describe('flat or not', () => {
  it('a heap that wavers, or grows in the warm-up only, is flat', () => {
    expect(growing((second) => (second < 10 ? second : 50 + (second % 7)))).toEqual(['listeners']);
  });

  it('a heap that grows slowly and steadily is not', () => {
    expect(growing((second) => 50 + second * 0.5)).toEqual(['heapMiB', 'listeners']);
  });

  it('one peak is no growth', () => {
    expect(growing((second) => (second === 38 ? 500 : 50))).toEqual(['listeners']);
  });

  it('what cannot be measured here is left out, and too few samples say nothing', () => {
    expect(
      judge(
        'api',
        samples(() => 50),
        10_000,
        bounds,
      ).map(({ figure }) => figure),
    ).not.toContain('handles');
    expect(() =>
      judge(
        'api',
        samples(() => 50),
        39_000,
        bounds,
      ),
    ).toThrow('too little');
  });
});
