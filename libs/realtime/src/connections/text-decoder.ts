import { Decoder, Encoder } from 'socket.io-parser';

/**
 * Longest packet in UTF-16 code units: a message of 32,000 characters, of which each may be two units or be escaped, and its envelope.
 */
export const MAX_PACKET_UNITS = 80_000;

/** Packets that are refused before their JSON is read. */
export class PacketTooLarge extends Error {}

const BINARY = new Set(['5', '6']);

/** Socket.IO's decoder for what we take: texts of a bounded length, and nothing binary. */
class TextDecoder extends Decoder {
  override add(packet: unknown): void {
    if (typeof packet !== 'string' || BINARY.has(packet[0] ?? '')) throw new Error('binary data is not taken');
    if (packet.length > MAX_PACKET_UNITS) throw new PacketTooLarge();
    super.add(packet);
  }
}

export const textParser = { Encoder, Decoder: TextDecoder };
