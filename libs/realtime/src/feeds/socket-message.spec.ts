import type { FollowedMessage } from '@app/conversations';
import { toSocketMessage } from './socket-message';

const aMessage = (seq: number): FollowedMessage => ({
  id: seq,
  seq,
  role: 'user',
  status: 'sent',
  content: 'x',
  turn_id: null,
  confidence: null,
  created_at: new Date(0),
  encryption_key: null,
  idempotency_key: null,
  is_current: true,
  replies_to_id: null,
  edit_of_id: null,
});

describe('messages for sockets', () => {
  it('only keys of sockets are names that a client has given', () => {
    const target = { conversationId: 1 };
    expect(toSocketMessage({ ...aMessage(1), idempotency_key: 'socket:m1' }, target).clientMessageId).toBe('m1');
    expect(toSocketMessage({ ...aMessage(1), idempotency_key: 'of REST' }, target)).not.toHaveProperty(
      'clientMessageId',
    );
  });
});
