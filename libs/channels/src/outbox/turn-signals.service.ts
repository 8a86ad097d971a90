import { SeldomLog } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { ChannelAdapters } from '../channels/channel-adapters';
import { ChannelDirectory } from '../channels/channel-directory.service';
import { ChannelSendError } from '../core/channel-adapter';
import { TurnBeginsRepository } from './persistence/turn-begins.repository';
import { recipientOf } from './recipient';

/** Signals are worth little when they come late; more than so many at a time are left out. */
const AT_ONCE = 20;
/** Conversations of which it is remembered what was shown. */
const REMEMBERED = 10_000;

/** After 25 seconds nothing is shown any more: https://developers.facebook.com/docs/whatsapp/cloud-api/typing-indicators */
const RENEW_MS = 20_000;
/** 5 minutes. */
const MAX_RENEWALS = 15;

interface Shown {
  messageExternalId: string;
  atMs: number;
}

/** Shows people that their message was read and that an answer is being written, for as long as it is: best effort. */
@Injectable()
export class TurnSignals {
  protected readonly renewMs: number = RENEW_MS;
  private readonly shown = new Map<number, Shown>();
  private running = 0;
  private readonly failed: SeldomLog;

  constructor(
    private readonly repository: TurnBeginsRepository,
    private readonly adapters: ChannelAdapters,
    private readonly directory: ChannelDirectory,
    logger: PinoLogger,
  ) {
    this.failed = new SeldomLog(logger, 'people could not be shown that an answer is being written');
  }

  /** From now on, until what is returned is called. */
  begin(conversationId: number): () => void {
    const over = new AbortController();
    let left = MAX_RENEWALS;
    void this.show(conversationId, over.signal);
    const timer = setInterval(() => {
      left -= 1;
      if (left === 0) clearInterval(timer);
      void this.show(conversationId, over.signal);
    }, this.renewMs).unref();
    return () => {
      clearInterval(timer);
      over.abort();
    };
  }

  /** Never rejects. */
  private async show(conversationId: number, over: AbortSignal): Promise<void> {
    if (this.running >= AT_ONCE) return;
    this.running += 1;
    try {
      await this.showNow(conversationId, over);
    } catch (error) {
      this.failed.warn(error instanceof ChannelSendError ? new Error(`${error.failure}: ${error.message}`) : error);
    } finally {
      this.running -= 1;
    }
  }

  private async showNow(conversationId: number, over: AbortSignal): Promise<void> {
    const begin = await this.repository.find(conversationId);
    // A turn that is tried again is still shown.
    if (begin === undefined || this.isShown(conversationId, begin.messageExternalId)) return;
    const access = await this.directory.find(begin.channelId);
    // Behind the answer it would look as if there came another.
    if (access === undefined || over.aborted) return;
    if (this.shown.size >= REMEMBERED) this.shown.clear();
    this.shown.set(conversationId, { messageExternalId: begin.messageExternalId, atMs: performance.now() });
    const adapter = this.adapters.get(access.channel.type);
    await adapter.showTurnBegins(access, begin.messageExternalId, recipientOf(begin), begin.threadKey);
  }

  private isShown(conversationId: number, messageExternalId: string): boolean {
    const shown = this.shown.get(conversationId);
    return shown?.messageExternalId === messageExternalId && performance.now() - shown.atMs < this.renewMs / 2;
  }
}
