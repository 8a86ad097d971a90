import { ConversationDelivery, ConversationOwnership, MAX_MESSAGE_LENGTH } from '@app/conversations';
import { ellipsize } from '@app/kernel';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Channel } from '../core/channel';
import type { InboundEvent } from '../core/channel-adapter';
import { OwnEchoes } from './own-echoes.service';
import { People } from './people.service';
import type { Settled, TakenRow } from './persistence/inbox.repository';
import { SentMessagesRepository } from './persistence/sent-messages.repository';
import { ThreadsRepository } from './persistence/threads.repository';
import { ReceiveLater } from './receive-later';
import { Threads } from './threads.service';

type Echo = Extract<InboundEvent, { kind: 'echo' }>;

/** So long it may take until the answer to a call tells under which id something has left from here. */
const ON_THE_WIRE_MS = 90_000;
const LOOK_AGAIN_MS = 2000;

/** Somebody of the business has written to the person from another program, such as the app on their phone. */
@Injectable()
export class InboundEchoes {
  constructor(
    private readonly database: Database,
    private readonly people: People,
    private readonly threads: Threads,
    private readonly threadRows: ThreadsRepository,
    private readonly sent: SentMessagesRepository,
    private readonly own: OwnEchoes,
    private readonly ownership: ConversationOwnership,
    private readonly delivery: ConversationDelivery,
  ) {}

  /** @throws ReceiveLater while it may be our own */
  async receive(channel: Channel, row: TakenRow, echo: Echo): Promise<Settled> {
    if (await this.sent.has(channel.id, echo.externalId)) return { status: 'ignored', reason: 'own' };
    const person = await this.people.of(channel, echo.sender);
    if (await this.isOwn(channel, person.id, echo)) return { status: 'ignored', reason: 'own' };
    if (row.ageMs < ON_THE_WIRE_MS && (await this.sent.isAnythingOnTheWire(person.id))) {
      throw new ReceiveLater('may_be_own', LOOK_AGAIN_MS, false);
    }
    // What was on its way a moment ago has its name now, or is to be tried again.
    if (await this.sent.has(channel.id, echo.externalId)) return { status: 'ignored', reason: 'own' };
    if (await this.isOwn(channel, person.id, echo)) return { status: 'ignored', reason: 'own' };
    const conversationId = await this.threads.of(channel, person, echo.threadKey);
    const store = (): Promise<number | undefined> => this.store(channel, person.id, conversationId, echo);
    const messageId = channel.settings.stop_ai_on_echo
      ? await this.ownership.handOver(conversationId, async () => {
          await this.threadRows.setAiStopped(conversationId, true);
          return store();
        })
      : await this.database.transaction(store);
    if (messageId !== undefined) this.ownership.told(conversationId, messageId);
    return { status: 'done', conversationId, messageId };
  }

  /** Whether it has left from here without anybody being told its id. What waited behind it may go on. */
  private async isOwn(channel: Channel, identityId: number, echo: Echo): Promise<boolean> {
    const own = await this.own.recognise(channel, identityId, echo);
    if (own?.isNews === true) this.delivery.wake(own.conversationId);
    return own !== undefined;
  }

  /** Part of the conversation, and known as sent: its statuses are told of it, and when it comes again it is not stored again. */
  private async store(
    channel: Channel,
    identityId: number,
    conversationId: number,
    echo: Echo,
  ): Promise<number | undefined> {
    const said = await this.ownership.say({
      conversationId,
      authorId: null,
      content: ellipsize(echo.text, MAX_MESSAGE_LENGTH),
      isEncrypted: true,
      isFromElsewhere: true,
    });
    if (said === undefined) return undefined;
    const to = { channelId: channel.id, identityId, conversationId };
    // Somebody else has stored it meanwhile: nothing of this has happened.
    if (!(await this.sent.addSent(to, said.messageId, echo.externalId))) {
      throw new ReceiveLater('known_by_now', 0, true);
    }
    return said.messageId;
  }
}
