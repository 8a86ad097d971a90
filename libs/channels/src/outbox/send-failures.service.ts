import { databaseProblem } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { ChannelAdapters } from '../channels/channel-adapters';
import { ChannelMetrics } from '../channels/channel-metrics.service';
import { ChannelProblems } from '../channels/channel-problems.service';
import type { Channel } from '../core/channel';
import { type ChannelAccess, ChannelSendError } from '../core/channel-adapter';
import { CHANNEL_PROBLEMS } from '../core/channel-problem';
import { confirmationMs } from './confirmation';
import type { OutboxHead } from './outbox-row';
import { OutboxRepository } from './persistence/outbox.repository';
import { MAX_ATTEMPTS, MAX_OWN_ERRORS, pauseAfter } from './send-backoff';

/** What becomes of a message that was not taken, by the kind of failure. */
@Injectable()
export class SendFailures {
  constructor(
    private readonly repository: OutboxRepository,
    private readonly adapters: ChannelAdapters,
    private readonly problems: ChannelProblems,
    private readonly metrics: ChannelMetrics,
    private readonly logger: PinoLogger,
  ) {}

  async settle(head: OutboxHead, access: ChannelAccess, error: unknown): Promise<void> {
    const failure = error instanceof ChannelSendError ? error : ofProgram(error);
    const { channel } = access;
    this.metrics.attempt(channel, failure.failure);
    switch (failure.failure) {
      case 'unavailable':
      case 'rate-limited':
        return this.tryAgain(head, channel, failure, isOwn(error));
      case 'refused-credentials':
        return this.standStill(head, channel, this.mayHaveLeft(head, channel, failure));
      case 'window-closed':
        return this.closeWindow(head, access);
      case 'unreachable':
      case 'invalid':
        return this.giveUp(head, channel, failure.failure, failure.message);
    }
  }

  /** It stays, to be looked at and sent again by hand. */
  async giveUp(head: OutboxHead, channel: Channel, reason: string, why?: string): Promise<void> {
    await this.repository.bury(head, reason);
    this.logger.warn(
      { channel_id: channel.id, conversation_id: head.conversationId, outbox_id: head.id, reason, why },
      'a message was given up; GET /channels/{id}/outbox?status=dead lists such ones',
    );
  }

  private async tryAgain(
    head: OutboxHead,
    channel: Channel,
    failure: ChannelSendError,
    isOwnError: boolean,
  ): Promise<void> {
    const isEnough = isOwnError ? head.ownErrors + 1 >= MAX_OWN_ERRORS : head.attempts >= MAX_ATTEMPTS;
    if (isEnough) return this.giveUp(head, channel, failure.failure, failure.message);
    const pauseMs = pauseAfter(head.attempts, failure.retryAfterMs, Math.random());
    const toldMs = failure.mayHaveLeft ? confirmationMs(this.adapters.get(channel.type)) : 0;
    const afterMs = Math.max(pauseMs, toldMs);
    const reason = this.mayHaveLeft(head, channel, failure) ? 'may-have-left' : failure.failure;
    await this.repository.postpone(head, reason, afterMs, isOwnError);
    this.logger.warn(
      {
        channel_id: channel.id,
        conversation_id: head.conversationId,
        outbox_id: head.id,
        attempt: head.attempts,
        retry_in_ms: afterMs,
        why: failure.message,
      },
      'a message was not sent; it is tried again',
    );
  }

  /** What a later attempt meets says nothing of an earlier one: where it can be looked for, it is looked for each time. */
  private mayHaveLeft(head: OutboxHead, { type }: Channel, failure: ChannelSendError): boolean {
    return failure.mayHaveLeft || (head.mayHaveLeft && this.adapters.get(type).findSent !== undefined);
  }

  /** Nothing of the channel is tried until somebody has done something. Credentials that were changed meanwhile are not the refused ones. */
  private async standStill(head: OutboxHead, channel: Channel, mayHaveLeft: boolean): Promise<void> {
    if (await this.repository.isChannelUnchanged(channel.id, channel.updatedAt)) {
      await this.problems.report(channel.id, CHANNEL_PROBLEMS.tokenRefused);
    }
    await this.repository.giveBack(head, mayHaveLeft ? 'may-have-left' : 'refused-credentials', head.kind);
  }

  /** The other system knows better than our clock. A template may be sent all the same, where there is one. */
  private async closeWindow(head: OutboxHead, { channel }: ChannelAccess): Promise<void> {
    const hasTemplate = this.adapters.get(channel.type).hasTemplates && channel.settings.template !== null;
    if (head.kind === 'template' || !hasTemplate) return this.giveUp(head, channel, 'window-closed');
    await this.repository.giveBack(head, 'window-closed', 'template');
  }
}

/** A database that is away is no error of the program: it comes back. */
const isOwn = (error: unknown): boolean => !(error instanceof ChannelSendError) && databaseProblem(error) === undefined;

/** An error of ours must not be repeated for ever, and its words may be about a person. */
function ofProgram(error: unknown): ChannelSendError {
  const name = error instanceof Error ? error.name : 'unknown';
  return new ChannelSendError('unavailable', `The adapter failed: ${name}`, true);
}
