import type { ChannelSettings } from '../core/channel';
import type { Sender } from '../core/channel-adapter';

/** Everybody, unless some are named. */
export function isAllowedSender(
  settings: Pick<ChannelSettings, 'allowed_senders'>,
  { scopedId, phone }: Pick<Sender, 'scopedId' | 'phone'>,
): boolean {
  const allowed = settings.allowed_senders.map((id) => id.replace(/^\+/, ''));
  return allowed.length === 0 || [scopedId, phone].some((id) => id !== null && allowed.includes(id));
}
