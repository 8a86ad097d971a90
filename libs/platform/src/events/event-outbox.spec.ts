import type { ParleyEvent } from '@app/contracts';
import { EventOutbox, MAX_HELD_EVENTS } from './event-outbox';

const event = (turnId: number): ParleyEvent => ({
  type: 'turn.finished',
  turnId,
  conversationId: 1,
  status: 'completed',
});
const idsOf = (events: readonly ParleyEvent[]): number[] =>
  events.map((each) => (each.type === 'turn.finished' ? each.turnId : -1));

function harness(batchMs: number) {
  const sends: number[][] = [];
  const state = { isDown: false, dropped: 0 };
  const outbox = new EventOutbox({
    batchMs,
    send: (events) => {
      if (state.isDown) return Promise.reject(new Error('down'));
      sends.push(idsOf(events));
      return Promise.resolve(events.length);
    },
    trouble: (_error, dropped) => (state.dropped += dropped),
  });
  return { outbox, sends, state };
}

describe('EventOutbox', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('sends the first event after a pause at once, and those that follow soon in one batch', async () => {
    const { outbox, sends } = harness(40);
    outbox.push(event(1));
    await jest.advanceTimersByTimeAsync(0);
    expect(sends).toEqual([[1]]);
    outbox.push(event(2));
    outbox.push(event(3));
    await jest.advanceTimersByTimeAsync(39);
    expect(sends).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(2);
    expect(sends).toEqual([[1], [2, 3]]);
  });

  it('keeps the order through an outage and sends each event once', async () => {
    const { outbox, sends, state } = harness(0);
    state.isDown = true;
    for (let id = 1; id <= 5; id += 1) {
      outbox.push(event(id));
      await jest.advanceTimersByTimeAsync(300);
    }
    state.isDown = false;
    await jest.advanceTimersByTimeAsync(1000);
    expect(sends.flat()).toEqual([1, 2, 3, 4, 5]);
    expect(state.dropped).toBe(0);
  });

  it('holds a bounded number of events in an outage: the oldest go, and their number is told', async () => {
    const { outbox, sends, state } = harness(0);
    state.isDown = true;
    for (let id = 0; id < 5000; id += 1) {
      outbox.push(event(id));
      if (id % 500 === 0) await jest.advanceTimersByTimeAsync(600);
    }
    await jest.advanceTimersByTimeAsync(1000);
    state.isDown = false;
    await jest.advanceTimersByTimeAsync(1000);
    expect(sends.flat()).toEqual(Array.from({ length: MAX_HELD_EVENTS }, (_, index) => 4000 + index));
    expect(state.dropped).toBe(4000);
  });

  it('closing sends what waits, and gives up after its deadline', async () => {
    const { outbox, sends } = harness(40);
    outbox.push(event(1));
    await outbox.close(1000);
    expect(sends).toEqual([[1]]);

    const stuck = new EventOutbox({ batchMs: 0, send: () => new Promise(() => undefined), trouble: () => undefined });
    stuck.push(event(1));
    const closed = stuck.close(1000);
    await jest.advanceTimersByTimeAsync(1000);
    await expect(closed).resolves.toBeUndefined();
  });
});
