import type { InboundEvent } from '../core/channel-adapter';
import { idempotencyKeyOf, receiveJobKey, senderKeyOf } from './inbox-row';

describe('rows of the inbox', () => {
  const status = (messageExternalId: string): Extract<InboundEvent, { kind: 'status' }> => ({
    kind: 'status',
    externalId: 'x',
    messageExternalId,
    status: 'read',
    outboxId: null,
    errorCode: null,
  });

  it('fit their columns, and stay apart, however long an id is', () => {
    const long = 'x'.repeat(250);
    expect(senderKeyOf(status('wamid.1'))).toBe('status:wamid.1');
    expect(senderKeyOf(status(long)).length).toBeLessThanOrEqual(200);
    expect(senderKeyOf(status(long))).not.toBe(senderKeyOf(status(`${long.slice(1)}y`)));
    expect(idempotencyKeyOf(7, 'wamid.1')).toBe('channel:7:wamid.1');
    expect(idempotencyKeyOf(7, long).length).toBeLessThanOrEqual(255);
    expect(idempotencyKeyOf(7, long)).not.toBe(idempotencyKeyOf(7, `${long}y`));
  });

  it('the queue is not told who has written', () => {
    expect(receiveJobKey(7, '15551234567')).not.toContain('1555');
    expect(receiveJobKey(7, 'a')).not.toBe(receiveJobKey(7, 'b'));
    expect(receiveJobKey(7, 'a')).not.toBe(receiveJobKey(8, 'a'));
  });
});
