import type { ParleyEvent } from '@app/contracts';

/** PostgreSQL refuses payloads of 8,000 bytes and more. */
const MAX_PAYLOAD_BYTES = 7_900;

/** Packs events into as few NOTIFY payloads as fit, in their order. */
export function splitIntoPayloads(from: string, events: ParleyEvent[]): string[] {
  const payloads: string[] = [];
  const envelopeBytes = Buffer.byteLength(JSON.stringify({ from, events: [] }));
  let batch: ParleyEvent[] = [];
  let bytes = envelopeBytes;
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(event)) + 1;
    if (batch.length > 0 && bytes + size > MAX_PAYLOAD_BYTES) {
      payloads.push(JSON.stringify({ from, events: batch }));
      batch = [];
      bytes = envelopeBytes;
    }
    batch.push(event);
    bytes += size;
  }
  if (batch.length > 0) payloads.push(JSON.stringify({ from, events: batch }));
  return payloads;
}
