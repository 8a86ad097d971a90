import type { StreamEntry } from '@app/contracts';
import * as fc from 'fast-check';
import { deltaIntervalMs, OutgoingStream, UNSTORED_NUMBERS } from './outgoing-stream';

const collecting = (attempt = 1): { stream: OutgoingStream; told: StreamEntry[] } => {
  const told: StreamEntry[] = [];
  return {
    stream: new OutgoingStream(1, attempt, {
      emit: (entries) => void told.push(...entries),
      intervalMs: () => deltaIntervalMs(1),
    }),
    told,
  };
};
const textIn = (told: readonly StreamEntry[]): string =>
  told.map((entry) => (entry.kind === 'delta' ? entry.delta : '')).join('');

describe('a reply as its worker tells of it', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('tells nothing until somebody watches, and then everything from the beginning', () => {
    const { stream, told } = collecting();
    stream.add('before ');
    expect([told, stream.finalNumber]).toEqual([[], null]);
    stream.watch();
    stream.add('after');
    stream.end();
    expect(told[0]).toEqual({ n: 1, kind: 'started' });
    expect(textIn(told)).toBe('before after');
    expect(stream.finalNumber).toBe(told.length + 1);
  });

  it('sends text at once after a pause and then every 40 ms, however many pieces come', () => {
    const { stream, told } = collecting();
    stream.watch();
    stream.add('0');
    expect(textIn(told)).toBe('0');
    for (let index = 1; index < 100; index += 1) stream.add(String(index % 10));
    expect(textIn(told)).toBe('0');
    jest.advanceTimersByTime(deltaIntervalMs(1));
    expect(textIn(told)).toHaveLength(100);
    expect(told).toHaveLength(3);
    stream.end();
  });

  it('numbers go on after those of earlier attempts, and a reset comes only where text was shown', () => {
    const shown = collecting(2);
    shown.stream.watch({ lastNumber: 7, showedText: true });
    shown.stream.add('x');
    expect(shown.told.map(({ n, kind }) => [n, kind])).toEqual([
      [8, 'reset'],
      [9, 'delta'],
    ]);
    const silent = collecting(2);
    silent.stream.watch({ lastNumber: 7, showedText: false });
    silent.stream.add('x');
    expect(silent.told.map(({ n, kind }) => [n, kind])).toEqual([[8, 'delta']]);
    shown.stream.end();
    silent.stream.end();
  });

  it('holds text back while the database does not take any, and tells the rest at the end', () => {
    const { stream, told } = collecting();
    stream.watch();
    for (let index = 0; index < 500; index += 1) {
      stream.add('word ');
      jest.advanceTimersByTime(deltaIntervalMs(1));
    }
    expect(stream.unstored.length).toBeLessThanOrEqual(UNSTORED_NUMBERS);
    expect(told.at(-1)!.n).toBeLessThanOrEqual(UNSTORED_NUMBERS);
    stream.end();
    expect(textIn(told)).toBe('word '.repeat(500));
  });

  it('whatever the pieces, the deltas are the text: in order, at their places, no character cut, each fit for one notification', () => {
    const step = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 4000 }),
      fc.constantFrom('🙂'.repeat(900), '\u0001'.repeat(3000)),
      fc.constant(null),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), fc.nat({ max: 12 }), (steps, watchedAt) => {
        const { stream, told } = collecting();
        steps.forEach((text, index) => {
          if (index === watchedAt) stream.watch();
          if (text === null) jest.advanceTimersByTime(deltaIntervalMs(1));
          else stream.add(text);
          stream.unstored = [];
        });
        stream.watch();
        stream.end();
        expect(textIn(told)).toBe(steps.map((text) => text ?? '').join(''));
        expect(told.map(({ n }) => n)).toEqual(told.map((_, index) => index + 1));
        let length = 0;
        for (const entry of told) {
          if (entry.kind !== 'delta') continue;
          expect(entry.offset).toBe(length);
          expect(entry.delta.isWellFormed()).toBe(true);
          expect(Buffer.byteLength(JSON.stringify(entry))).toBeLessThan(7500);
          length += entry.delta.length;
        }
      }),
      { numRuns: 300 },
    );
  });
});
