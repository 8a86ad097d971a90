import type { ParleyEvent } from '@app/contracts';
import { splitIntoPayloads } from './notify-payloads';

describe('splitIntoPayloads', () => {
  it('keeps every event, in order, in payloads below what NOTIFY takes', () => {
    const events: ParleyEvent[] = Array.from({ length: 500 }, (_, index) => ({
      type: 'turn.finished',
      turnId: index,
      conversationId: index,
      status: 'completed',
    }));
    const payloads = splitIntoPayloads('process', events);
    expect(payloads.every((payload) => Buffer.byteLength(payload) < 8000)).toBe(true);
    expect(payloads.flatMap((payload) => (JSON.parse(payload) as { events: ParleyEvent[] }).events)).toEqual(events);
    expect(payloads.length).toBeLessThan(8);
  });

  it('sends nothing for nothing', () => {
    expect(splitIntoPayloads('process', [])).toEqual([]);
  });
});
