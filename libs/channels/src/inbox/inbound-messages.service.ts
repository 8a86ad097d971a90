import { MAX_MESSAGE_LENGTH, MessageIntakeService, SaidRatings } from '@app/conversations';
import { AppError, ellipsize } from '@app/kernel';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Channel } from '../core/channel';
import type { ChannelAccess, InboundEvent } from '../core/channel-adapter';
import { ChannelAnnouncements } from '../outbox/channel-announcements.service';
import { ReplyAddressesRepository } from '../outbox/persistence/reply-addresses.repository';
import { isAllowedSender } from './allowed-senders';
import { InboundCommands } from './inbound-commands.service';
import { InboundMedia } from './inbound-media.service';
import { idempotencyKeyOf } from './inbox-row';
import { saysOneOf } from './opt-words';
import { asPrincipal, People } from './people.service';
import type { Settled, TakenRow } from './persistence/inbox.repository';
import { PeopleRepository, type PersonRow } from './persistence/people.repository';
import { ThreadsRepository } from './persistence/threads.repository';
import { Threads } from './threads.service';

type Message = Extract<InboundEvent, { kind: 'message' }>;

/** Meta repeats hooks for seven days; a clock that says more is wrong. */
const MAX_AGE_MS = 7 * 24 * 3_600_000;
/** A command can be answered at its own address so often, and for 30 minutes: https://developers.mattermost.com/integrate/slash-commands/custom/ */
const REPLIES = 5;
const REPLIES_WITHIN_MS = 29 * 60_000;

/** A person has written. Everything here can be done again: nothing is said, stored or counted twice. */
@Injectable()
export class InboundMessages {
  constructor(
    private readonly database: Database,
    private readonly people: People,
    private readonly peopleRows: PeopleRepository,
    private readonly threads: Threads,
    private readonly threadRows: ThreadsRepository,
    private readonly media: InboundMedia,
    private readonly commands: InboundCommands,
    private readonly announcements: ChannelAnnouncements,
    private readonly intake: MessageIntakeService,
    private readonly replies: ReplyAddressesRepository,
    private readonly ratings: SaidRatings,
  ) {}

  /** @param keep the row stays this worker's while it fetches a file. @throws what keeps it from being done now */
  async receive(access: ChannelAccess, row: TakenRow, message: Message, keep: () => Promise<void>): Promise<Settled> {
    const { channel } = access;
    if (!isAllowedSender(channel.settings, message.sender)) return { status: 'ignored', reason: 'not_allowed' };
    const person = await this.people.of(channel, message.sender);
    const surplus = await this.surplusOf(channel, person, row, message);
    if (saysOneOf(message.text, channel.settings.opt_out_words)) return this.optOut(channel, person, message);
    if (surplus > 0 && !(await this.isWithPeople(person, message))) {
      return { status: 'ignored', reason: 'rate_limited', isTold: surplus > 1 };
    }
    if (person.isOptedOut) {
      if (!saysOneOf(message.text, channel.settings.opt_in_words)) return { status: 'ignored', reason: 'opted_out' };
      await this.peopleRows.setOptedOut(person.id, false);
    }
    return this.accept(access, person, row, message, keep);
  }

  private async accept(
    access: ChannelAccess,
    person: PersonRow,
    row: TakenRow,
    message: Message,
    keep: () => Promise<void>,
  ): Promise<Settled> {
    const { channel } = access;
    const principal = asPrincipal(channel, person);
    const conversationId = await this.threads.of(channel, person, message.threadKey);
    const { externalId } = message;
    await this.keepReplyAddress(conversationId, row, message);
    const question = await this.commands.take(access, person, conversationId, row, message);
    if (typeof question !== 'string') return question;
    if (message.media.length === 0 && (await this.ratings.take(conversationId, question))) {
      return { status: 'done', reason: 'rating', conversationId };
    }
    const context = { access, principal, conversationId, externalId, attempts: row.attempts, keep };
    const { images, notes } = await this.media.take(message.media, context);
    const { debounce_ms: waitMs, debounce_max_ms: maxMs } = channel.settings;
    try {
      await this.threadRows.setLastMessage(conversationId, externalId);
      const { messageId } = await this.intake.acceptMessage(principal, {
        conversationId,
        content: ellipsize([question, ...notes].join('\n'), MAX_MESSAGE_LENGTH),
        images,
        idempotencyKey: idempotencyKeyOf(channel.id, externalId),
        correlationId: `channel-inbox-${row.id}`,
        isEncrypted: true,
        debounce: { waitMs, maxMs },
      });
      if (message.media.length > 0) await this.media.attach(context, messageId);
      return { status: 'done', conversationId, messageId };
    } catch (error) {
      // At the next try they are fetched anew; until then they would fill the room that the person has for pictures.
      await this.media.release(principal, images);
      // It was taken before, with its pictures under other names: a worker died before it could say so here.
      if (error instanceof AppError && error.code === 'IDEMPOTENCY.MISMATCH') return { status: 'done', conversationId };
      throw error;
    }
  }

  private async keepReplyAddress(conversationId: number, row: TakenRow, { replyAddress }: Message): Promise<void> {
    if (replyAddress === undefined) return;
    const until = new Date(row.receivedAt.getTime() + REPLIES_WITHIN_MS);
    await this.replies.set(conversationId, replyAddress, { until, times: REPLIES });
  }

  /** By how many messages the person is above the limit of a minute; 0 or less: they are not. */
  private async surplusOf(channel: Channel, person: PersonRow, row: TakenRow, { sentAt }: Message): Promise<number> {
    const received = row.receivedAt.getTime();
    const isPlausible = sentAt !== null && received - sentAt.getTime() < MAX_AGE_MS;
    const wroteAt = isPlausible ? new Date(Math.min(sentAt.getTime(), received)) : row.receivedAt;
    const count = await this.peopleRows.countMessage(person.id, row.id, row.receivedAt, wroteAt);
    return count - channel.settings.messages_per_minute;
  }

  /** The limit is for what a model answers: what somebody of the team reads costs nothing, and must not be missing. */
  private async isWithPeople(person: PersonRow, { threadKey }: Message): Promise<boolean> {
    const open = await this.threadRows.findOpen(person.id, threadKey);
    return open !== undefined && open.isActive && open.isWithPeople;
  }

  /** From now on nothing is sent to them, after one last message that says so. */
  private async optOut(channel: Channel, person: PersonRow, message: Message): Promise<Settled> {
    const conversationId = await this.threads.of(channel, person, message.threadKey);
    const text = channel.settings.opt_out_text;
    await this.database.transaction(async () => {
      const isNews = await this.peopleRows.setOptedOut(person.id, true);
      if (isNews && text !== null) await this.announcements.enqueue(conversationId, text);
    });
    this.announcements.wake(conversationId);
    return { status: 'done', reason: 'opt_out', conversationId };
  }
}
