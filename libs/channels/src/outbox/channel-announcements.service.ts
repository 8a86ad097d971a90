import { Injectable } from '@nestjs/common';
import { Carrier } from './carrier.service';
import { ChannelDelivery } from './channel-delivery.service';

/**
 * What a channel itself tells a person, such as that they will get no more messages: no part of the conversation, told whoever answers there, and also to
 * somebody who wants no messages.
 */
@Injectable()
export class ChannelAnnouncements {
  constructor(
    private readonly carrier: Carrier,
    private readonly delivery: ChannelDelivery,
  ) {}

  /** Behind what waits already. Joins the transaction that is running; call `wake` after its commit. Once per call. */
  async enqueue(conversationId: number, text: string): Promise<void> {
    await this.carrier.announce(conversationId, text);
  }

  wake(conversationId: number): void {
    this.delivery.wake(conversationId);
  }
}
