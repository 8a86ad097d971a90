import type { ParleyEvent } from '@app/contracts';

/** What travels between processes. */
export interface Envelope {
  /** Id of the sending process, which does not need to hear itself. */
  from: string;
  events: ParleyEvent[];
}

/** A payload ready to be sent, and how many events it carries. */
export interface PackedEvents {
  payload: string;
  count: number;
}

/** How every payload of a process begins, so that its own are recognised without being read. */
export const payloadStart = (from: string): string => `{"from":${JSON.stringify(from)},"events":[`;

/** Packs events into as few envelopes as fit, in their order; each is below `maxBytes`. Every event is written once. */
export function packEvents(from: string, events: readonly ParleyEvent[], maxBytes: number): PackedEvents[] {
  const start = payloadStart(from);
  const packed: PackedEvents[] = [];
  let written: string[] = [];
  let bytes = 0;
  const close = (): void => {
    if (written.length > 0) packed.push({ payload: `${start}${written.join(',')}]}`, count: written.length });
    written = [];
    bytes = Buffer.byteLength(start) + 2;
  };
  close();
  for (const event of events) {
    const json = JSON.stringify(event);
    const size = Buffer.byteLength(json) + 1;
    if (bytes + size > maxBytes) close();
    written.push(json);
    bytes += size;
  }
  close();
  return packed;
}
