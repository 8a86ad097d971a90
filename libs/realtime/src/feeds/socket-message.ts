import type { FollowedTarget, SocketMessage } from '@app/contracts';
import type { FollowedMessage } from '@app/conversations';

/** What sockets' idempotency keys begin with: the rest is the client's own name of the message. */
const CLIENT_KEY = 'socket:';

export const idempotencyKeyOf = (clientMessageId: string | undefined): string | null =>
  clientMessageId === undefined ? null : `${CLIENT_KEY}${clientMessageId}`;

export function toSocketMessage(
  message: FollowedMessage,
  target: FollowedTarget & { conversationId: number },
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
    ...(message.confidence === null ? {} : { confidence: message.confidence }),
    isCurrent: message.is_current,
    ...(message.replies_to_id === null ? {} : { repliesToId: message.replies_to_id }),
    ...(message.edit_of_id === null ? {} : { editOfId: message.edit_of_id }),
    ...(key?.startsWith(CLIENT_KEY) === true ? { clientMessageId: key.slice(CLIENT_KEY.length) } : {}),
  };
}
