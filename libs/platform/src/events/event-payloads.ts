import type { ParleyEvent } from '@app/contracts';

/** What travels between processes. */
export interface Envelope {
  /** Id of the sending process, which does not need to hear itself. */
  from: string;
  events: ParleyEvent[];
}

/** Packs events into as few envelopes as fit, in their order; each is below `maxBytes` as JSON. */
export function packEvents(from: string, events: readonly ParleyEvent[], maxBytes: number): Envelope[] {
  const envelopes: Envelope[] = [];
  const envelopeBytes = Buffer.byteLength(JSON.stringify({ from, events: [] }));
  let bytes = Infinity;
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event)) + 1;
    if (bytes + size > maxBytes) {
      envelopes.push({ from, events: [] });
      bytes = envelopeBytes;
    }
    envelopes.at(-1)!.events.push(event);
    bytes += size;
  }
  return envelopes;
}
