import { MessagesToCarry } from '@app/conversations';
import { Injectable } from '@nestjs/common';
import type { Channel } from '../core/channel';
import type { InboundEvent } from '../core/channel-adapter';
import { Carrier } from '../outbox/carrier.service';
import { SealedOutbox } from '../outbox/persistence/sealed-outbox';
import { type MaybeSent, SentMessagesRepository } from './persistence/sent-messages.repository';

type Echo = Extract<InboundEvent, { kind: 'echo' }>;

/** Messages that are compared with an echo; each can mean that a message is read and split again. */
const MAX_COMPARED = 20;

/**
 * Knows by its text what has left from here although the answer to the call was lost, or before it was sent again: then nobody was told its id. Without
 * this, an echo of it would be taken for somebody of the team, and the AI would fall silent.
 */
@Injectable()
export class OwnEchoes {
  constructor(
    private readonly sent: SentMessagesRepository,
    private readonly sealed: SealedOutbox,
    private readonly messages: MessagesToCarry,
    private readonly carrier: Carrier,
  ) {}

  /**
   * The message that an echo repeats. From now on it is known to have left, under this id, and is not sent again.
   * @returns undefined when it says something else than all that may have left unnoticed; `isNews`: nobody knew so far
   */
  async recognise(
    channel: Channel,
    identityId: number,
    { externalId, text }: Pick<Echo, 'externalId' | 'text'>,
  ): Promise<{ conversationId: number; isNews: boolean } | undefined> {
    const found = await this.find(channel, identityId, text);
    if (found === undefined) return undefined;
    const { id, conversationId } = found;
    if (found.externalId !== null) return { conversationId, isNews: false };
    const sent = { messageExternalId: externalId, status: 'sent' as const, outboxId: id, errorCode: null };
    return { conversationId, isNews: (await this.sent.advance(channel.id, sent)) !== undefined };
  }

  private async find(channel: Channel, identityId: number, said: string): Promise<MaybeSent | undefined> {
    const expected = plain(said);
    for (const candidate of await this.sent.mayHaveLeft(identityId, MAX_COMPARED)) {
      const text = await this.textOf(candidate, channel);
      if (text !== undefined && text !== null && plain(text) === expected) return candidate;
    }
    return undefined;
  }

  /** What has left is not kept; it is made again from its message. */
  private async textOf({ id, content, messageId, part }: MaybeSent, { type, settings }: Channel) {
    if (content !== null) return this.sealed.open(id, content);
    const markdown =
      messageId === null ? settings.opt_out_text : ((await this.messages.find(messageId))?.content ?? null);
    return markdown === null ? undefined : this.carrier.partsOf(markdown, type)[part];
  }
}

/** As texts are compared: the other system may trim or join white space. */
const plain = (text: string): string => text.normalize('NFC').replace(/\s+/gu, ' ').trim();
