import { ConversationDelivery } from '@app/conversations';
import { Injectable } from '@nestjs/common';
import type { Channel } from '../core/channel';
import type { InboundEvent } from '../core/channel-adapter';
import type { Settled, TakenRow } from './persistence/inbox.repository';
import { SentMessagesRepository } from './persistence/sent-messages.repository';
import { ReceiveLater } from './receive-later';

type Status = Extract<InboundEvent, { kind: 'status' }>;

/** A status can be faster than the answer to the call that sent the message. After this it is of somebody else's message. */
const UNKNOWN_MS = 60_000;
const LOOK_AGAIN_MS = 3000;

/** What was sent has got further. Never answered. */
@Injectable()
export class InboundStatuses {
  constructor(
    private readonly sent: SentMessagesRepository,
    private readonly delivery: ConversationDelivery,
  ) {}

  /** @throws ReceiveLater when it is not known yet what it is about */
  async receive(channel: Channel, row: TakenRow, status: Status): Promise<Settled> {
    const conversationId = await this.sent.advance(channel.id, status);
    if (conversationId === undefined) {
      if (row.ageMs < UNKNOWN_MS) throw new ReceiveLater('unknown_message', LOOK_AGAIN_MS, false);
      return { status: 'ignored', reason: 'unknown_message' };
    }
    // What waited behind it may go on.
    this.delivery.wake(conversationId);
    return { status: 'done', conversationId };
  }
}
