import { ToldLately } from './told-lately';

describe('whom something was said to lately', () => {
  it('is remembered for an hour, each by themselves', () => {
    const told = new ToldLately();
    expect(told.has('1 ann', 0)).toBe(false);
    told.add('1 ann', 0);
    expect([told.has('1 ann', 3_599_999), told.has('2 ann', 1), told.has('1 ann', 3_600_000)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('of too many, those are forgotten who were told first', () => {
    const told = new ToldLately();
    told.add('first', 0);
    told.add('second', 0);
    told.add('first', 1);
    for (let index = 0; index < 9999; index += 1) told.add(`${index}`, 2);
    expect([told.has('first', 3), told.has('second', 3), told.has('0', 3)]).toEqual([true, false, true]);
  });
});
