import type { ParleyEvent } from '@app/contracts';
import { packEvents } from './event-payloads';

describe('packEvents', () => {
  it('keeps every event, in order, in envelopes below the limit', () => {
    const events: ParleyEvent[] = Array.from({ length: 500 }, (_, index) => ({
      type: 'turn.finished',
      turnId: index,
      conversationId: index,
      status: 'completed',
    }));
    const envelopes = packEvents('process', events, 7900);
    expect(envelopes.every((envelope) => Buffer.byteLength(JSON.stringify(envelope)) <= 7900)).toBe(true);
    expect(envelopes.flatMap((envelope) => envelope.events)).toEqual(events);
    expect(envelopes.length).toBeLessThan(8);
  });

  it('sends nothing for nothing', () => {
    expect(packEvents('process', [], 7900)).toEqual([]);
  });
});
