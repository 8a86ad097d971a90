import type { ParleyEvent } from '@app/contracts';
import { type Envelope, packEvents } from './event-payloads';

describe('packEvents', () => {
  it('keeps every event, in order, in envelopes below the limit', () => {
    const events: ParleyEvent[] = Array.from({ length: 500 }, (_, index) => ({
      type: 'turn.finished',
      turnId: index,
      conversationId: index,
      status: 'completed',
    }));
    const packed = packEvents('process', events, 7900);
    expect(packed.every(({ payload }) => Buffer.byteLength(payload) <= 7900)).toBe(true);
    const envelopes = packed.map(({ payload }) => JSON.parse(payload) as Envelope);
    expect(envelopes.flatMap((envelope) => envelope.events)).toEqual(events);
    expect(envelopes.map((envelope) => envelope.events.length)).toEqual(packed.map(({ count }) => count));
    expect(packed.length).toBeLessThan(8);
  });

  it('sends nothing for nothing', () => {
    expect(packEvents('process', [], 7900)).toEqual([]);
  });
});
