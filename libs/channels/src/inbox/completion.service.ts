import { Injectable } from '@nestjs/common';
import { ChannelAdapters } from '../channels/channel-adapters';
import { ChannelProblems } from '../channels/channel-problems.service';
import { type ChannelAccess, ChannelSendError, type InboundEvent, type InboundMessage } from '../core/channel-adapter';
import { CHANNEL_PROBLEMS } from '../core/channel-problem';
import { ReceiveLater } from './receive-later';

/** So long a message waits for a channel whose token is refused, until it is looked at again. */
const REFUSED_DELAY_MS = 30_000;
/** While the other system is away, messages wait as long again as they have waited, within these bounds. */
const MIN_DELAY_MS = 5000;
const MAX_DELAY_MS = 60_000;

/** Asks the other system for what its hook did not tell. */
@Injectable()
export class Completion {
  constructor(
    private readonly adapters: ChannelAdapters,
    private readonly problems: ChannelProblems,
  ) {}

  /** @param ageMs since it came in. @throws ReceiveLater when it can be had later only */
  async complete(access: ChannelAccess, event: InboundMessage, ageMs: number): Promise<InboundEvent> {
    const adapter = this.adapters.get(access.channel.type);
    if (adapter.complete === undefined) return event;
    try {
      return await adapter.complete(access, event);
    } catch (error) {
      if (!(error instanceof ChannelSendError)) throw error;
      if (error.failure === 'unreachable' || error.failure === 'invalid') {
        // It is gone, or was never to be seen from here.
        return { kind: 'other', externalId: event.externalId, sender: event.sender, type: 'not_to_be_seen' };
      }
      if (error.failure !== 'refused-credentials') {
        // Nothing is wrong with it, and nobody tells of it again: hours of trouble there must not cost it.
        const pauseMs = Math.min(Math.max(ageMs, MIN_DELAY_MS), MAX_DELAY_MS);
        throw new ReceiveLater('message_unavailable', Math.max(error.retryAfterMs ?? 0, pauseMs), false);
      }
      await this.problems.report(access.channel.id, CHANNEL_PROBLEMS.tokenRefused);
      throw new ReceiveLater('token_refused', REFUSED_DELAY_MS, false);
    }
  }
}
