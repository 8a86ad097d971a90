import type { SocketMessage } from '@app/contracts';
import type { FollowedMessage } from '@app/conversations';

/** What sockets' idempotency keys begin with: the rest is the client's own name of the message. */
const CLIENT_KEY = 'socket:';

export const idempotencyKeyOf = (clientMessageId: string | undefined): string | null =>
  clientMessageId === undefined ? null : `${CLIENT_KEY}${clientMessageId}`;

/** Longest page in UTF-16 code units: what is left out, the client asks for with `sync`. */
const MAX_PAGE_UNITS = 1_000_000;

export function toSocketMessage(
  message: FollowedMessage,
  target: { sessionId?: string; conversationId: number },
): SocketMessage {
  const key = message.idempotency_key;
  return {
    ...target,
    messageId: message.id,
    seq: message.seq,
    role: message.role,
    message: message.content,
    timestamp: message.created_at.toISOString(),
    turnId: message.turn_id,
    status: message.status,
    ...(key?.startsWith(CLIENT_KEY) === true ? { clientMessageId: key.slice(CLIENT_KEY.length) } : {}),
  };
}

/** As many messages as fit into one packet: of the newest the last ones, of later ones the first. At least one. */
export function fitting(
  messages: readonly FollowedMessage[],
  isNewest: boolean,
): { messages: readonly FollowedMessage[]; isCut: boolean } {
  const ordered = isNewest ? messages.toReversed() : messages;
  let units = 0;
  const count = ordered.findIndex((message, index) => (units += message.content.length) > MAX_PAGE_UNITS && index > 0);
  if (count === -1) return { messages, isCut: false };
  return { messages: isNewest ? messages.slice(-count) : messages.slice(0, count), isCut: true };
}
