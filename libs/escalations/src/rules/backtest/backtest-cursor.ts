import type { StoredTurnPlace } from '@app/conversations';
import { badInput } from '@app/kernel';

/** What is known of a conversation in the middle of it. */
export interface Midway {
  place: StoredTurnPlace;
  wasEscalated: boolean;
  /** Of the latest replies, the latest first. */
  confidences: (number | null)[];
}

const MAX_CONFIDENCES = 20;

export const encodeMidway = ({ place, wasEscalated, confidences }: Midway): string =>
  Buffer.from(
    JSON.stringify([place.conversationId, place.seq, place.turnId, wasEscalated ? 1 : 0, ...confidences]),
  ).toString('base64url');

/** Reads back what `encodeMidway` made; anything else is a 422 on `cursor`. */
export function decodeMidway(text: string): Midway {
  const parts = partsOf(text);
  const [conversationId, seq, turnId, escalated] = parts;
  if (!isId(conversationId) || !isId(seq) || seq > 2_147_483_647 || !isId(turnId) || !isId(escalated)) throw notOurs();
  const confidences = parts.slice(4);
  if (confidences.length > MAX_CONFIDENCES || !confidences.every(isConfidence)) throw notOurs();
  return { place: { conversationId, seq, turnId }, wasEscalated: escalated === 1, confidences };
}

function partsOf(text: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(parts) ? (parts as unknown[]) : [];
  } catch {
    return [];
  }
}

const notOurs = (): Error => badInput('cursor', 'is not a cursor of a back-test. Leave it out for the first page.');
const isId = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isConfidence = (value: unknown): value is number | null =>
  value === null || (typeof value === 'number' && value >= 0 && value <= 1);
