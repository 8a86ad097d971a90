import { Slots } from './slots';

const never = new AbortController().signal;

describe('Slots', () => {
  it('gives out no more than there are, and serves who waits in order', async () => {
    const slots = new Slots(2);
    const served: number[] = [];
    const ask = (number: number): Promise<void> => slots.acquire(never).then(() => void served.push(number));
    await Promise.all([ask(1), ask(2)]);
    const later = [ask(3), ask(4)];
    expect([slots.inUse, slots.waitingCount]).toEqual([2, 2]);
    slots.release();
    await later[0];
    expect(served).toEqual([1, 2, 3]);
    slots.release();
    await later[1];
    slots.release();
    slots.release();
    expect(served).toEqual([1, 2, 3, 4]);
    expect([slots.inUse, slots.waitingCount]).toEqual([0, 0]);
  });

  it('lets go of who gives up waiting, and gives the slot to the next one', async () => {
    const slots = new Slots(1);
    await slots.acquire(never);
    const impatient = new AbortController();
    const first = slots.acquire(impatient.signal);
    const second = slots.acquire(never);
    impatient.abort();
    expect(await first).toBe(false);
    slots.release();
    expect(await second).toBe(true);
    expect(slots.waitingCount).toBe(0);
    impatient.abort();
    slots.release();
    expect(slots.inUse).toBe(0);
  });

  it('gives nothing to who has given up already', async () => {
    const slots = new Slots(1);
    expect(await slots.acquire(AbortSignal.abort())).toBe(false);
    expect(slots.inUse).toBe(0);
  });
});
