import { firstPosition, laterOf, whereToBegin } from './position';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const at = (msAgo: number): Date => new Date(NOW - msAgo);
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

describe('up to where a channel was heard', () => {
  it('what was said in the minute before is looked up again, as it may have come late', () => {
    const begin = whereToBegin({ from: at(DAY_MS), until: at(30 * MINUTE_MS) }, NOW);
    expect(new Date(begin)).toEqual(at(31 * MINUTE_MS));
  });

  it('but nothing from before it was first listened to', () => {
    expect(new Date(whereToBegin({ from: at(1000), until: at(500) }, NOW))).toEqual(at(1000));
  });

  it('and nothing that is older than a day', () => {
    expect(new Date(whereToBegin({ from: at(9 * DAY_MS), until: at(2 * DAY_MS) }, NOW))).toEqual(at(DAY_MS));
  });

  it('where the other clock is ahead, the minute before our now is looked up again', () => {
    expect(new Date(whereToBegin({ from: at(DAY_MS), until: at(-4 * MINUTE_MS) }, NOW))).toEqual(at(MINUTE_MS));
  });

  it('it begins after the newest post, or now where there is none or one with a time to come', () => {
    expect(firstPosition(NOW - MINUTE_MS, NOW)).toEqual(at(MINUTE_MS));
    expect(firstPosition(0, NOW)).toEqual(at(0));
    expect(firstPosition(NOW + DAY_MS, NOW)).toEqual(at(0));
  });

  it('it goes forward only', () => {
    expect(laterOf(null, NOW, NOW)).toEqual(at(0));
    expect(laterOf(at(1000), NOW, NOW)).toEqual(at(0));
    expect(laterOf(at(0), NOW - 1000, NOW)).toEqual(at(0));
  });

  it('a post that is stamped with a time to come does not move it', () => {
    expect(laterOf(at(0), NOW + DAY_MS, NOW)).toEqual(at(0));
    expect(laterOf(null, NOW + DAY_MS, NOW)).toBeNull();
  });
});
