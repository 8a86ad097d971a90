import { createHash } from 'node:crypto';
import type { InboundEvent, Sender } from '../core/channel-adapter';

/** Longest that the column takes. */
const MAX_SENDER_KEY = 200;
/** Longest Idempotency-Key that the column takes. */
const MAX_KEY = 255;

/** What is looked at one after the other: all that one person says, or is said to them; and what becomes of one message. */
export function senderKeyOf(event: Exclude<InboundEvent, { kind: 'other' }>): string {
  const key = event.kind === 'status' ? `status:${event.messageExternalId}` : personKey(event.sender);
  return key.length <= MAX_SENDER_KEY ? key : `sha256:${hash(key)}`;
}

/** By which a person is known; at least one of the ids is there. */
export const personKey = ({ scopedId, phone }: Sender): string => scopedId ?? phone ?? '';

/** Jobs for the same sender collapse into one; the queue is not told who that is. */
export const receiveJobKey = (channelId: number, senderKey: string): string =>
  `channel-${channelId}-${hash(senderKey).slice(0, 32)}`;

/** So long a job that is put in once more collapses with others like it, and not with the first: that one may be in the hands of a dead worker for a minute. */
const AGAIN_MS = 60_000;

/** For what should have been done by now. */
export const overdueJobKey = (channelId: number, senderKey: string): string =>
  `${receiveJobKey(channelId, senderKey)}-${Math.floor(Date.now() / AGAIN_MS)}`;

/** By which a message of a channel becomes one message here, however often it is tried. */
export function idempotencyKeyOf(channelId: number, externalId: string): string {
  const key = `channel:${channelId}:${externalId}`;
  return key.length <= MAX_KEY ? key : `channel:${channelId}:sha256:${hash(externalId)}`;
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
