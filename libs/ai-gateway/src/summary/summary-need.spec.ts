import { chunkOf, isEnough, mayNeedSummary } from './summary-need';

const turns = (count: number, size = 20, first = 0): { userSeq: number; user: string; reply: string }[] =>
  Array.from({ length: count }, (_, index) => ({
    userSeq: 2 * (first + index) + 1,
    user: 'u'.repeat(size),
    reply: 'r'.repeat(size),
  }));

describe('when a summary is worth a call', () => {
  it('after six turns fell out of the window, or 1,500 tokens, and not before', () => {
    expect(isEnough(turns(5))).toBe(false);
    expect(isEnough(turns(6))).toBe(true);
    expect(isEnough(turns(2, 1_400))).toBe(false);
    expect(isEnough(turns(2, 1_600))).toBe(true);
  });

  it('does not count what was deleted', () => {
    expect(isEnough(turns(6).map((turn) => ({ ...turn, user: null, reply: null })))).toBe(false);
  });

  it('the turn can tell that there is nothing to do: all of it goes along, or is summarised', () => {
    const history = turns(5, 20, 10);
    expect(mayNeedSummary(turns(3), null, 1)).toBe(false);
    expect(mayNeedSummary(history, { content: 'x', throughSeq: 19 }, 21)).toBe(false);
    expect(mayNeedSummary(history, { content: 'x', throughSeq: 9 }, 21)).toBe(false);
    expect(mayNeedSummary(history, { content: 'x', throughSeq: 7 }, 21)).toBe(true);
    expect(mayNeedSummary(history, null, 21)).toBe(true);
  });

  it('long messages that fell out count by their length', () => {
    expect(mayNeedSummary(turns(5, 4_000), null, 3)).toBe(true);
    expect(mayNeedSummary(turns(5, 2_000), null, 3)).toBe(false);
  });

  it('what is far behind counts by its place: not all of it is at hand', () => {
    expect(mayNeedSummary([], null, 12)).toBe(false);
    expect(mayNeedSummary([], null, 13)).toBe(true);
  });
});

describe('what goes into one call', () => {
  it('is the oldest part that fits', () => {
    expect(chunkOf(turns(100, 100), 1_000).map(({ userSeq }) => userSeq)).toEqual(
      turns(10).map(({ userSeq }) => userSeq),
    );
  });

  it('is at least one turn, cut to what fits', () => {
    const [only, ...others] = chunkOf(turns(2, 30_000), 1_000);
    expect(others).toEqual([]);
    expect(only!.user).toHaveLength(500 + ' […] '.length);
    expect(chunkOf(turns(1, 30_000), 100_000)[0]!.reply).toHaveLength(6_000 + ' […] '.length);
  });

  it('cuts no character in half', () => {
    const [only] = chunkOf([{ userSeq: 1, user: '😀'.repeat(10_000), reply: null }], 1_001);
    expect(only!.user!.isWellFormed()).toBe(true);
  });
});
