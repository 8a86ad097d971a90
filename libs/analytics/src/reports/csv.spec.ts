import { csvOf } from './csv';
import { distributionsOf, percentilesOf } from './latency-bins';
import { wantsCsv } from './report-answer';

const csv = (row: object): string => [...csvOf(Object.keys(row), [row])].at(-1)!;

describe('CSV', () => {
  it.each([
    ['plain', 'plain'],
    ['with, comma', '"with, comma"'],
    ['with "quotes"', '"with ""quotes"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+49', "'+49"],
    ['-x', "'-x"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', `"'\r=1"`],
  ])('the text %j is written as %j', (text, written) => {
    expect(csv({ text })).toBe(`${written}\r\n`);
  });

  it('numbers stay numbers, without exponents, and what is missing is empty', () => {
    expect(csv({ a: -5, b: 1e-7, c: 0.25, d: null })).toBe('-5,0.0000001,0.25,\r\n');
  });

  it('the query goes before the header', () => {
    expect(wantsCsv(undefined, 'text/csv')).toBe(true);
    expect(wantsCsv('json', 'text/csv')).toBe(false);
    expect(wantsCsv('csv', 'application/json')).toBe(true);
    expect(wantsCsv(undefined, '*/*')).toBe(false);
  });
});

describe('percentiles of bins', () => {
  /** As the function latency_bin of the database. */
  const binOf = (ms: number): number =>
    ms <= 0 ? 0 : Math.min(200, 1 + Math.ceil(Math.round((Math.log(ms) / Math.log(1.1)) * 1e6) / 1e6));

  it('are at most 5 % off', () => {
    const times = Array.from({ length: 1000 }, (_, place) => Math.round(1.009 ** place * 3));
    const bins = new Map<number, number>();
    for (const ms of times) bins.set((2 << 8) + binOf(ms), (bins.get((2 << 8) + binOf(ms)) ?? 0) + 1);
    const told = percentilesOf(distributionsOf(bins)[2]!, [0.5, 0.95, 0.99])!;
    [0.5, 0.95, 0.99].forEach((share, place) => {
      const exact = times[Math.floor(share * 999)]!;
      expect(Math.abs(told[place]! - exact) / exact).toBeLessThan(0.05);
    });
    expect(percentilesOf(distributionsOf(bins)[0]!, [0.5])).toBeNull();
  });
});
