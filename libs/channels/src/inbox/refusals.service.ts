import { AppError } from '@app/kernel';
import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { ChannelAdapters } from '../channels/channel-adapters';
import { type ChannelAccess, ChannelSendError, type InboundMessage } from '../core/channel-adapter';
import { ChannelAnnouncements } from '../outbox/channel-announcements.service';
import { personKey } from './inbox-row';
import { People } from './people.service';
import type { Settled } from './persistence/inbox.repository';
import { Threads } from './threads.service';
import { ToldLately } from './told-lately';

/** What is over sooner is waited for; of anything else people are told, and ask again themselves. In seconds. */
const WORTH_WAITING_S = 60;

/** By the reason for which a message is left unanswered. */
const WORDS: Readonly<Record<string, string>> = {
  not_allowed: 'I am not meant to answer you here. Whoever looks after me can change that (allowed_senders).',
  rate_limited: 'That was a lot at once, so I have left this unanswered. Please ask again in a minute.',
  opted_out: 'You have asked for no more messages, so I do not answer.',
};
const GIVEN_UP = 'I am sorry, I could not take this in. Please ask again later; whoever looks after me can see why.';
/** For customers, whom no budget concerns. */
const NOT_NOW = 'I cannot answer at the moment. Please write again later.';

/** Tells people why they get no answer, where a channel can do that: whoever waits for one must not wait in vain. */
@Injectable()
export class Refusals {
  private readonly toldNotNow = new ToldLately();
  private readonly toldNotAllowed = new ToldLately();

  constructor(
    private readonly database: Database,
    private readonly adapters: ChannelAdapters,
    private readonly people: People,
    private readonly threads: Threads,
    private readonly announcements: ChannelAnnouncements,
    private readonly logger: PinoLogger,
  ) {}

  /** A message that is not answered. Each reason is told once: who writes on and on is not answered on and on. */
  async ignored(access: ChannelAccess, message: InboundMessage, { reason, isTold }: Settled): Promise<void> {
    const text = WORDS[reason ?? ''];
    const isPromised = message.isPromised === true;
    if (text === undefined || (isTold === true && !isPromised)) return;
    if (reason === 'opted_out' && !isPromised) return;
    // That was said in answer to the command itself.
    if (reason === 'not_allowed' && isPromised) return;
    // Those are not counted: everything that they write with a trigger word comes here, and what a program writes that takes it for an answer.
    if (reason === 'not_allowed') {
      const who = whoIs(access, message);
      if (this.toldNotAllowed.has(who)) return;
      this.toldNotAllowed.add(who);
    }
    await this.tell(access, message, text);
  }

  /**
   * What is over in a day or a month is not waited for: all that the person writes next would wait behind it, also that they want no more messages.
   * @returns what to settle it as; undefined: it waits
   */
  async refused(access: ChannelAccess, message: InboundMessage, error: unknown): Promise<Settled | undefined> {
    if (!(error instanceof AppError) || !isForLong(error)) return undefined;
    if (this.adapters.get(access.channel.type).tell === undefined) await this.announceNotNow(access, message);
    else await this.tell(access, message, usedUp(error.extra.resetsAt));
    return { status: 'ignored', reason: error.code.slice(0, 60) };
  }

  async givenUp(access: ChannelAccess, message: InboundMessage): Promise<void> {
    await this.tell(access, message, GIVEN_UP);
  }

  /** Where nobody can be told besides the conversation. */
  private async announceNotNow(access: ChannelAccess, message: InboundMessage): Promise<void> {
    const who = whoIs(access, message);
    if (this.toldNotNow.has(who)) return;
    const { channel } = access;
    const { sender, threadKey } = message;
    const conversationId = await this.threads.of(channel, await this.people.of(channel, sender), threadKey);
    await this.database.transaction(() => this.announcements.enqueue(conversationId, NOT_NOW));
    this.toldNotNow.add(who);
    this.announcements.wake(conversationId);
  }

  /** Best effort. */
  private async tell(access: ChannelAccess, message: InboundMessage, text: string): Promise<void> {
    try {
      await this.adapters.get(access.channel.type).tell?.(access, message, text);
    } catch (error) {
      if (!(error instanceof ChannelSendError)) throw error;
      this.logger.warn(
        { channel_id: access.channel.id, failure: error.failure, why: error.message },
        'somebody could not be told that they get no answer',
      );
    }
  }
}

const whoIs = ({ channel }: ChannelAccess, { sender }: InboundMessage): string => `${channel.id} ${personKey(sender)}`;

/** A budget that messages hold which are being answered has room again within seconds. */
function isForLong({ status, extra }: AppError): boolean {
  const seconds = extra.retryAfterSeconds ?? (status === 402 ? Infinity : 0);
  return (status === 402 || status === 429) && seconds > WORTH_WAITING_S;
}

function usedUp(resetsAt: unknown): string {
  const when =
    resetsAt instanceof Date
      ? ` It begins anew on ${resetsAt.toISOString().slice(0, 16).replace('T', ' at ')} UTC.`
      : '';
  return `I cannot answer now: the budget for this is used up.${when} Please ask again then.`;
}
