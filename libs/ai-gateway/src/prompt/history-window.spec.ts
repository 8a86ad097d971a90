import fc from 'fast-check';
import { startByMessages, startByTokens, stepOf, type WindowTurn } from './history-window';

/** A conversation in which each message waits for its reply. */
const talk = (count: number): WindowTurn[] =>
  Array.from({ length: count }, (_, index) => ({ userSeq: 2 * index + 1, messages: 2 }));
/** What the database gives for it: the newest turns, as many as there may be messages. */
const newest = (count: number, max: number): [WindowTurn[], boolean] => [talk(count).slice(-max), count < max];

/** Places of the conversation: rising, with gaps of any size. */
const someTurns = fc
  .array(fc.record({ gap: fc.integer({ min: 1, max: 6 }), messages: fc.integer({ min: 0, max: 2 }) }), {
    maxLength: 60,
  })
  .map((parts) => {
    let userSeq = 0;
    return parts.map(({ gap, messages }): WindowTurn => ({ userSeq: (userSeq += gap), messages }));
  });

describe('the window of the history', () => {
  it('with the default of 10 messages moves by two turns and keeps three to five', () => {
    const starts = Array.from({ length: 12 }, (_, index) => {
      const [turns, isWhole] = newest(index + 1, 10);
      return turns[startByMessages(turns, 10, isWhole)]!.userSeq;
    });
    expect(starts).toEqual([1, 1, 1, 1, 1, 5, 5, 9, 9, 13, 13, 17]);
  });

  it('moves by a quarter of what it may hold', () => {
    expect([1, 2, 8, 10, 16, 40, 1000].map(stepOf)).toEqual([2, 2, 2, 4, 4, 10, 250]);
  });

  it('never holds more messages than allowed, and always the newest turns without a gap', () => {
    fc.assert(
      fc.property(someTurns, fc.integer({ min: 0, max: 40 }), fc.boolean(), (turns, max, isWhole) => {
        const start = startByMessages(turns, max, isWhole);
        const messages = turns.slice(start).reduce((total, turn) => total + turn.messages, 0);
        return start >= 0 && start <= turns.length && messages <= max;
      }),
    );
  });

  it('while a conversation grows it never moves back, and once it has moved it stays for at least a step', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 1, max: 120 }), (max, count) => {
        let before = 0;
        let movedAt = -Infinity;
        for (let length = 1; length <= count; length++) {
          const [turns, isWhole] = newest(length, max);
          const start = turns[startByMessages(turns, max, isWhole)]?.userSeq ?? 2 * length + 1;
          expect(start).toBeGreaterThanOrEqual(before);
          if (start > before && before > 1) {
            expect(2 * (length - movedAt)).toBeGreaterThanOrEqual(stepOf(max));
            movedAt = length;
          } else if (start > before) movedAt = length;
          before = start;
        }
      }),
    );
  });

  it('is the same whether all turns were read or only as many as there may be messages', () => {
    fc.assert(
      fc.property(someTurns, fc.integer({ min: 2, max: 30 }), (some, max) => {
        const turns = some.map((turn) => ({ ...turn, messages: 2 }));
        const kept = (list: WindowTurn[]): number[] =>
          list.slice(startByMessages(list, max, list.length === turns.length)).map(({ userSeq }) => userSeq);
        expect(kept(turns.slice(-max))).toEqual(kept(turns));
      }),
    );
  });

  it('bounded by tokens, it begins where it must or later, and keeps at least half of what fits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(199), (count, from) => {
        const turns = talk(count);
        const least = Math.min(from, count - 1);
        const start = startByTokens(turns, least);
        expect(start).toBeGreaterThanOrEqual(least);
        expect(count - start).toBeGreaterThanOrEqual(Math.floor((count - least) / 2));
      }),
    );
  });

  it('bounded by tokens, it stays where it is for some turns, too', () => {
    const starts = new Set<number>();
    for (let count = 41; count <= 120; count++) {
      const turns = talk(count);
      starts.add(turns[startByTokens(turns, count - 20)]!.userSeq);
    }
    // 20 turns fit, each time another one falls out; in steps of 16 places that makes 80 / 8 places.
    expect(starts.size).toBeLessThanOrEqual(11);
  });
});
