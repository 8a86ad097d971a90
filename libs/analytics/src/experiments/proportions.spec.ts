import { compareProportions, splitPValue } from './proportions';

describe('comparing two proportions', () => {
  it('gives the interval of the published example: 56 of 70 against 48 of 80', () => {
    // Newcombe, Statistics in Medicine 17 (1998), 873–890, table II, method 10, example (a): 0.0524 to 0.3339.
    const { difference, confidenceInterval } = compareProportions({ hits: 48, of: 80 }, { hits: 56, of: 70 });
    expect(difference).toBeCloseTo(0.2, 10);
    expect(confidenceInterval![0]).toBeCloseTo(0.0524, 4);
    expect(confidenceInterval![1]).toBeCloseTo(0.3339, 4);
  });

  it('gives the p-value of the pooled z-test', () => {
    // z = 0.1 / sqrt(0.25 · 0.75 · 2/200) = 2.3094; 2 · (1 - Φ(2.3094)) = 0.02092.
    expect(compareProportions({ hits: 40, of: 200 }, { hits: 60, of: 200 }).pValue).toBeCloseTo(0.02092, 4);
    expect(compareProportions({ hits: 50, of: 200 }, { hits: 50, of: 200 }).pValue).toBeCloseTo(1, 6);
  });

  it('says nothing beyond the rates while there are too few', () => {
    expect(compareProportions({ hits: 1, of: 29 }, { hits: 20, of: 200 })).toMatchObject({
      a: { rate: 1 / 29 },
      b: { rate: 0.1 },
      confidenceInterval: null,
      pValue: null,
    });
    expect(compareProportions({ hits: 0, of: 0 }, { hits: 0, of: 50 })).toMatchObject({
      a: { rate: null },
      difference: null,
      confidenceInterval: null,
      pValue: null,
    });
  });

  it('gives an interval, but no p-value, for something that hardly ever happens', () => {
    const { confidenceInterval, pValue } = compareProportions({ hits: 0, of: 100 }, { hits: 2, of: 100 });
    expect(confidenceInterval![0]).toBeLessThan(0);
    expect(pValue).toBeNull();
  });
});

describe('the split', () => {
  it('is not surprising near its share, and very surprising far from it', () => {
    expect(splitPValue(505, 1000, 0.5)).toBeGreaterThan(0.5);
    expect(splitPValue(400, 1000, 0.5)).toBeLessThan(1e-6);
    expect(splitPValue(0, 9, 0.5)).toBeNull();
  });
});
