import type { ChannelAdapter } from '../core/channel-adapter';

/** How long the other system has to tell of something that may have left, before it is sent again. The first status, or the echo, comes within seconds. */
const CONFIRMED_WITHIN_MS = 30_000;

/** How long something that may have left must not be sent again; 0 where nobody would tell. */
export const confirmationMs = ({
  confirmsByOwnId,
  confirmsByEcho,
}: Pick<ChannelAdapter, 'confirmsByOwnId' | 'confirmsByEcho'>): number =>
  confirmsByOwnId || confirmsByEcho === true ? CONFIRMED_WITHIN_MS : 0;
