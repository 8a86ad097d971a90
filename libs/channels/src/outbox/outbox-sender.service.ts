import { Database, SeldomLog } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { ChannelAdapters } from '../channels/channel-adapters';
import { ChannelDirectory } from '../channels/channel-directory.service';
import { ChannelMetrics } from '../channels/channel-metrics.service';
import { type ChannelAccess, ChannelSendError, type OutgoingPart } from '../core/channel-adapter';
import { canSend } from './can-send';
import { confirmationMs } from './confirmation';
import type { OutboxHead } from './outbox-row';
import { OutboxRepository } from './persistence/outbox.repository';
import { ReplyAddressesRepository } from './persistence/reply-addresses.repository';
import { SealedOutbox } from './persistence/sealed-outbox';
import { recipientOf } from './recipient';
import { MAX_ATTEMPTS, pauseAfter } from './send-backoff';
import { SendFailures } from './send-failures.service';

/** A call is cut after 20 seconds; for so long nobody else sends the same. */
export const HELD_MS = 30_000;

/** A call begins so soon after it was looked at whether it may; else it is looked at again. Whoever takes a conversation over waits for so long and a call. */
export const BEGUN_WITHIN_MS = 5000;

/** How long a conversation rests in which nothing can be done. */
export const PAUSE_MS = 60_000;

/** `waits`: nothing can be done now; `again`: something was settled, and there may be more. */
export type Step = 'waits' | 'again';

interface Taken {
  head: OutboxHead;
  part: OutgoingPart;
}

/** Sends what is next in a conversation. */
@Injectable()
export class OutboxSender {
  protected readonly begunWithinMs: number = BEGUN_WITHIN_MS;
  private readonly unreadable: SeldomLog;

  constructor(
    private readonly database: Database,
    private readonly repository: OutboxRepository,
    private readonly sealed: SealedOutbox,
    private readonly adapters: ChannelAdapters,
    private readonly directory: ChannelDirectory,
    private readonly replies: ReplyAddressesRepository,
    private readonly failures: SendFailures,
    private readonly metrics: ChannelMetrics,
    logger: PinoLogger,
  ) {
    this.unreadable = new SeldomLog(logger, 'messages wait for a channel whose credentials cannot be read');
  }

  async step(conversationId: number, channelId: number): Promise<Step> {
    const access = await this.directory.find(channelId);
    if (access === undefined) {
      this.unreadable.warn(new Error(`The credentials of channel ${channelId} cannot be read.`));
      await this.repository.pause(conversationId, PAUSE_MS);
      return 'waits';
    }
    const lookedAt = performance.now();
    const taken = await this.database.transaction(() => this.take(conversationId, access));
    if (taken === 'stale') {
      // Somebody has changed the channel, and this process has not heard of it.
      this.directory.changed(channelId);
      return 'again';
    }
    if (typeof taken === 'string') return taken;
    if (performance.now() - lookedAt > this.begunWithinMs) {
      const { head } = taken;
      await this.repository.giveBack(head, head.mayHaveLeft ? 'may-have-left' : null, head.kind);
      return 'again';
    }
    await this.send(taken, access);
    return 'again';
  }

  /** All that decides is looked at while nobody can change it; afterwards the row says that it is being sent. */
  private async take(conversationId: number, access: ChannelAccess): Promise<Taken | Step | 'stale'> {
    const { channel } = access;
    const adapter = this.adapters.get(channel.type);
    const head = await this.repository.lockHead(conversationId);
    if (head === undefined) return 'waits';
    if (head.isLapsed) {
      // What ends a worker each time must not do so all day.
      const pauseMs = pauseAfter(head.attempts, null, Math.random());
      await this.repository.lapse(head.id, Math.max(pauseMs, confirmationMs(adapter)));
      return 'again';
    }
    if (!head.isDue) return 'waits';
    if (head.channelUpdatedAt.getTime() !== channel.updatedAt.getTime()) return 'stale';
    const { template } = channel.settings;
    const decision = canSend({ ...head, window: adapter, hasTemplate: template !== null });
    if (decision.kind === 'wait') return 'waits';
    if (decision.kind === 'skip') {
      await this.repository.skip(head.id, decision.reason);
      this.metrics.attempt(channel, 'skipped');
      return 'again';
    }
    if (decision.kind === 'give-up') return this.giveUp(head, access, decision.reason);
    if (head.attempts >= MAX_ATTEMPTS) return this.giveUp(head, access, 'gave-up');
    const { as } = decision;
    if (as === 'template' && (await this.repository.hasTemplateSince(head.identityId, head.id))) {
      return this.giveUp(head, access, 'window-closed');
    }
    const content = as === 'template' ? (template?.name ?? null) : this.textOf(head);
    if (content === null) return this.giveUp(head, access, 'unreadable');
    const attempts = await this.repository.take(head.id, as, HELD_MS);
    const part: OutgoingPart = {
      outboxId: head.id,
      to: recipientOf(head),
      threadKey: head.threadKey,
      kind: as,
      content,
    };
    return {
      head: { ...head, kind: as, attempts },
      part: as === 'template' && template !== null ? { ...part, language: template.language } : part,
    };
  }

  private async send({ head, part }: Taken, access: ChannelAccess): Promise<void> {
    const { channel } = access;
    const begunAt = performance.now();
    let externalId: string;
    try {
      externalId = (await this.findSent(head, part, access)) ?? (await this.dispatch(head, part, access));
    } catch (error) {
      this.metrics.sendTook(channel.type, performance.now() - begunAt);
      return this.failures.settle(head, access, error);
    }
    this.metrics.sendTook(channel.type, performance.now() - begunAt);
    await this.repository.sent(head.id, externalId);
    this.metrics.attempt(channel, 'sent');
  }

  /** What may have left is looked for first, where that can be done. @throws ChannelSendError: then it may still have left */
  private async findSent(head: OutboxHead, part: OutgoingPart, access: ChannelAccess): Promise<string | null> {
    const adapter = this.adapters.get(access.channel.type);
    if (!head.mayHaveLeft || adapter.findSent === undefined) return null;
    try {
      return await adapter.findSent(access, part, head.createdAt);
    } catch (error) {
      if (!(error instanceof ChannelSendError)) throw error;
      throw new ChannelSendError(error.failure, error.message, true, error.retryAfterMs);
    }
  }

  /** Where the person waits for it, if there is such a place; an attempt that cannot have arrived there uses nothing up. @throws ChannelSendError */
  private async dispatch(head: OutboxHead, part: OutgoingPart, access: ChannelAccess): Promise<string> {
    const adapter = this.adapters.get(access.channel.type);
    const address = head.hasReplyAddress ? await this.replies.take(head.conversationId) : undefined;
    if (address === undefined) return adapter.send(access, part);
    try {
      return await adapter.send(access, { ...part, replyAddress: address.plain });
    } catch (error) {
      if (error instanceof ChannelSendError && isForLater(error) && !error.mayHaveLeft) {
        await this.replies.giveBack(head.conversationId, address);
      }
      throw error;
    }
  }

  private async giveUp(head: OutboxHead, { channel }: ChannelAccess, reason: string): Promise<Step> {
    await this.failures.giveUp(head, channel, reason);
    return 'again';
  }

  private textOf({ id, sealedContent }: OutboxHead): string | null {
    return sealedContent === null ? null : this.sealed.open(id, sealedContent);
  }
}

const isForLater = ({ failure }: ChannelSendError): boolean => failure === 'unavailable' || failure === 'rate-limited';
