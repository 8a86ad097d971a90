import type { FollowedMessage } from '@app/conversations';
import { fitting, toSocketMessage } from './socket-message';

const aMessage = (seq: number, length = 1): FollowedMessage => ({
  id: seq,
  seq,
  role: 'user',
  status: 'sent',
  content: 'x'.repeat(length),
  turn_id: null,
  created_at: new Date(0),
  encryption_key: null,
  idempotency_key: null,
});
const seqs = (messages: readonly FollowedMessage[]): number[] => messages.map(({ seq }) => seq);

describe('messages for sockets', () => {
  it('a page that is too long for one packet keeps the newest, or of later ones the first, and always one', () => {
    const messages = [aMessage(1, 600_000), aMessage(2, 600_000), aMessage(3, 2_000_000)];
    expect(seqs(fitting(messages, false).messages)).toEqual([1]);
    expect(seqs(fitting(messages, true).messages)).toEqual([3]);
    expect(fitting(messages.slice(0, 1), true)).toMatchObject({ isCut: false });
    expect(fitting([aMessage(1), aMessage(2)], true)).toMatchObject({
      messages: [{ seq: 1 }, { seq: 2 }],
      isCut: false,
    });
  });

  it('only keys of sockets are names that a client has given', () => {
    const target = { conversationId: 1 };
    expect(toSocketMessage({ ...aMessage(1), idempotency_key: 'socket:m1' }, target).clientMessageId).toBe('m1');
    expect(toSocketMessage({ ...aMessage(1), idempotency_key: 'of REST' }, target)).not.toHaveProperty(
      'clientMessageId',
    );
  });
});
