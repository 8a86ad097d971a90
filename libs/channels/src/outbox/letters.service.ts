import { MessagesToCarry } from '@app/conversations';
import { AppError } from '@app/kernel';
import { type Page, type Principal, toPage } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ChannelsService } from '../channels/channels.service';
import type { ChannelType } from '../core/channel';
import { Carrier } from './carrier.service';
import { ChannelDelivery } from './channel-delivery.service';
import { type Letter, LettersRepository } from './persistence/letters.repository';

const MAX_ID = Number.MAX_SAFE_INTEGER;

export const letterNotFound = (id: number): AppError =>
  new AppError(
    'CHANNEL.OUTBOX_NOT_FOUND',
    404,
    `Message ${id} is not among those that were given up. GET /channels/{channel_id}/outbox?status=dead lists them.`,
  );

/** What a channel has sent and could not send, for owners of its workspace. */
@Injectable()
export class Letters {
  constructor(
    private readonly channels: ChannelsService,
    private readonly repository: LettersRepository,
    private readonly messages: MessagesToCarry,
    private readonly carrier: Carrier,
    private readonly delivery: ChannelDelivery,
  ) {}

  /** Newest first. @param isDeadOnly only what was given up or came back. @throws 404 CHANNEL.NOT_FOUND */
  async list(
    principal: Principal,
    channelId: number,
    { isDeadOnly, limit, beforeId = MAX_ID }: { isDeadOnly: boolean; limit: number; beforeId?: number },
  ): Promise<Page<Letter>> {
    await this.channels.get(principal, channelId);
    const found = isDeadOnly
      ? await this.repository.listDead(channelId, limit, beforeId)
      : await this.repository.list(channelId, limit, beforeId);
    return toPage(found, limit, ({ id }) => id);
  }

  /** Sends one again that was given up or came back, before what waits in its conversation. @throws 404 CHANNEL.NOT_FOUND, CHANNEL.OUTBOX_NOT_FOUND */
  async retry(principal: Principal, channelId: number, id: number): Promise<void> {
    const { type } = await this.channels.get(principal, channelId);
    const letter = await this.repository.findDead(channelId, id);
    if (letter === undefined) throw letterNotFound(id);
    const text = letter.hasText ? null : await this.textOf(letter, type);
    if (text === undefined || !(await this.repository.revive(id, text))) throw letterNotFound(id);
    this.delivery.wake(letter.conversationId);
  }

  /** What had left is not kept here; it is made again from the message. Undefined when that is gone, or cannot be read. */
  private async textOf({ messageId, part }: Letter, type: ChannelType): Promise<string | undefined> {
    const message = messageId === null ? undefined : await this.messages.find(messageId);
    if (message === undefined || message.content === null) return undefined;
    return this.carrier.partsOf(message.content, type)[part];
  }
}
