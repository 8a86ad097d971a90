import type { Sender } from '../core/channel-adapter';

/** Whom an identity is in the other system. Somebody of whom only a number is known is stored by it. */
export function recipientOf({
  externalId,
  phone,
  name,
}: Record<'externalId', string> & Pick<Sender, 'phone' | 'name'>): Sender {
  return { scopedId: externalId === phone ? null : externalId, phone, name };
}
