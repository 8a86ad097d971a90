import * as fc from 'fast-check';
import { flawsOf } from '../../../../test/support/transcript';
import { UNSTORED_NUMBERS } from './outgoing-stream';
import { endedTurn, type ToldEntry, toldOf } from './stream.spec-support';
import { toServerSentEvent } from './turn-events';
import { TurnFeed } from './turn-feed';

/** Somebody who reads a feed, now and then, and goes on after the last event that was had. */
class Reader {
  readonly events: { id: number; event: string; data: Record<string, unknown> }[] = [];
  after = 0;

  /** Reads at most so many events. */
  read(feed: TurnFeed, most = Infinity): void {
    for (let count = 0; count < most; count += 1) {
      const event = feed.next(this.after);
      if (event === undefined) return;
      this.after = event.n;
      this.events.push(toServerSentEvent(event, endedTurn({ status: 'completed', reply: null })));
    }
  }

  get kinds(): string[] {
    return this.events.map(({ event }) => event);
  }
}

const give = (feed: TurnFeed, told: readonly ToldEntry[]): void => {
  for (const { attempt, entry } of told) feed.take(attempt, [entry]);
};

/** Attempts often begin with the same words, so that text of one can be taken for text of another. */
const piece = fc.oneof(fc.constantFrom('You ', 'said'), fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }));
const pieces = fc.array(piece, { minLength: 1, maxLength: 8 });
const script = fc.record({
  attempts: fc.array(pieces, { minLength: 1, maxLength: 3 }),
  jumps: fc.array(fc.constantFrom(0, 0, 64), { minLength: 3, maxLength: 3 }),
});

describe('a turn as its readers see it', () => {
  it('whatever the order in which entries arrive, doubled or repaired later, each reader gets the reply without a gap', () => {
    const delivery = fc.array(
      fc.oneof(
        fc.record({ do: fc.constant('take' as const), which: fc.nat(), times: fc.integer({ min: 1, max: 3 }) }),
        fc.record({ do: fc.constant('repair' as const), upTo: fc.nat() }),
        fc.record({
          do: fc.constant('read' as const),
          reader: fc.nat({ max: 2 }),
          most: fc.integer({ min: 1, max: 4 }),
        }),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(script, delivery, fc.constantFrom('known', 'unknown'), ({ attempts, jumps }, steps, lastNumber) => {
        const told = toldOf(attempts, jumps);
        const feed = new TurnFeed();
        const readers = [new Reader(), new Reader(), new Reader()];
        for (const step of steps) {
          if (step.do === 'read') readers[step.reader]!.read(feed, step.most);
          else if (step.do === 'repair') give(feed, told.slice(0, step.upTo % (told.length + 1)));
          else for (let time = 0; time < step.times; time += 1) give(feed, [told[step.which % told.length]!]);
        }
        const lastEvent = lastNumber === 'known' ? told.at(-1)!.entry.n + 1 : null;
        const reply = attempts.at(-1)!.join('');
        feed.finish(endedTurn({ status: 'completed', reply, attempt: attempts.length, lastEvent }));
        readers.push(new Reader());
        for (const reader of readers) {
          reader.read(feed);
          expect(flawsOf(reader.events)).toEqual([]);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('a reader that goes on at another process, which knows less or more, gets the reply without a gap', () => {
    fc.assert(
      fc.property(script, fc.nat(), fc.nat(), fc.nat(), ({ attempts, jumps }, here, there, had) => {
        const told = toldOf(attempts, jumps);
        const [first, second] = [new TurnFeed(), new TurnFeed()];
        give(first, told.slice(0, 1 + (here % told.length)));
        const reader = new Reader();
        reader.read(first, 1 + (had % 5));
        give(second, told.slice(0, there % (told.length + 1)));
        const reply = attempts.at(-1)!.join('');
        const lastEvent = told.at(-1)!.entry.n + 1;
        second.finish(endedTurn({ status: 'completed', reply, attempt: attempts.length, lastEvent }));
        reader.read(second);
        expect(flawsOf(reader.events)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('numbers go on over attempts, and nothing of an attempt that failed is left in the text', () => {
    const feed = new TurnFeed();
    const reader = new Reader();
    const told = toldOf([['one ', 'two '], ['three']]);
    give(feed, told.slice(0, 3));
    reader.read(feed);
    give(feed, told.slice(3));
    feed.finish(endedTurn({ status: 'completed', reply: 'three', attempt: 2, lastEvent: 6 }));
    reader.read(feed);
    expect(reader.kinds).toEqual([
      'turn.started',
      'message.delta',
      'message.reset',
      'message.delta',
      'message.completed',
    ]);
    expect(reader.events.map(({ id }) => id)).toEqual([1, 3, 4, 5, 6]);
    expect(flawsOf(reader.events)).toEqual([]);
  });

  it('the end tells of a reset that got lost: text of an attempt that failed does not stay', () => {
    const feed = new TurnFeed();
    const reader = new Reader();
    give(feed, toldOf([['wrong words']]));
    reader.read(feed);
    feed.finish(endedTurn({ status: 'completed', reply: 'the right ones', attempt: 2, lastEvent: 5 }));
    reader.read(feed);
    expect(reader.kinds).toEqual([
      'turn.started',
      'message.delta',
      'message.reset',
      'message.delta',
      'message.completed',
    ]);
    expect(flawsOf(reader.events)).toEqual([]);
  });

  it('who comes when all is over gets the reply in one piece, and no reset', () => {
    const reader = new Reader();
    const feed = new TurnFeed();
    feed.finish(endedTurn({ status: 'completed', reply: 'all of it', lastEvent: 40 }));
    reader.read(feed);
    expect(reader.kinds).toEqual(['turn.started', 'message.delta', 'message.completed']);
    expect(flawsOf(reader.events)).toEqual([]);
  });

  it('a turn that was cancelled before a word was said has a start and an end', () => {
    const reader = new Reader();
    const feed = new TurnFeed();
    feed.finish(endedTurn({ status: 'cancelled', reply: null }));
    reader.read(feed);
    expect(reader.kinds).toEqual(['turn.started', 'turn.cancelled']);
  });

  it.each([
    ['cancelled', 'turn.cancelled'],
    ['handed_off', 'turn.handed_off'],
  ] as const)(
    'a turn that was %s from outside ends for whoever knows more of it than is known here, and again for whoever has had the end',
    (status, event) => {
      const [first, second] = [new TurnFeed(), new TurnFeed()];
      const reader = new Reader();
      const told = toldOf([['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']]);
      give(first, told);
      reader.read(first);
      give(second, told.slice(0, 3));
      second.finish(endedTurn({ status, reply: null }));
      expect(second.knows(reader.after, UNSTORED_NUMBERS)).toBe(true);
      reader.read(second);
      expect(reader.kinds.at(-1)).toBe(event);
      const third = new TurnFeed();
      third.finish(endedTurn({ status, reply: null }));
      expect(third.knows(reader.after, UNSTORED_NUMBERS)).toBe(true);
      expect(third.next(reader.after)).toBeUndefined();
      expect(third.knows(500, UNSTORED_NUMBERS)).toBe(false);
    },
  );

  it('a missing entry holds back what follows it, says so, and is repaired', () => {
    const feed = new TurnFeed();
    const reader = new Reader();
    const told = toldOf([['a', 'b', 'c']]);
    give(feed, [told[0]!, told[1]!, told[3]!]);
    expect(feed.hasGap).toBe(true);
    reader.read(feed);
    expect(reader.after).toBe(2);
    give(feed, told);
    expect(feed.hasGap).toBe(false);
    reader.read(feed);
    expect(reader.events.at(-1)).toMatchObject({ id: 4, data: { offset: 1, delta: 'bc' } });
  });

  it('a reader may name a number that only another process knows yet, but none that nobody can know', () => {
    const feed = new TurnFeed();
    give(feed, toldOf([['a', 'b']]));
    expect([feed.knows(3, 64), feed.knows(67, 64), feed.knows(68, 64)]).toEqual([true, true, false]);
    feed.finish(endedTurn({ status: 'completed', reply: 'ab', lastEvent: 4 }));
    expect([feed.knows(4, 64), feed.knows(5, 64)]).toEqual([true, false]);
  });
});
