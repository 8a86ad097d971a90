import { type Page, type Principal, toPage } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ChannelsService } from '../channels/channels.service';
import { letterNotDead, letterNotFound } from './inbox.errors';
import { type InboxLetter, InboxLettersRepository } from './persistence/inbox-letters.repository';
import { SenderJobs } from './sender-jobs.service';

/** What came in through a channel: for owners of its workspace. */
@Injectable()
export class InboxLetters {
  constructor(
    private readonly channels: ChannelsService,
    private readonly letters: InboxLettersRepository,
    private readonly jobs: SenderJobs,
  ) {}

  /** Newest first. @throws 404 CHANNEL.NOT_FOUND */
  async list(
    principal: Principal,
    channelId: number,
    {
      isDeadOnly,
      limit,
      beforeId = Number.MAX_SAFE_INTEGER,
    }: { isDeadOnly: boolean; limit: number; beforeId?: number },
  ): Promise<Page<InboxLetter>> {
    await this.channels.get(principal, channelId);
    const rows = isDeadOnly
      ? await this.letters.listDead(channelId, limit, beforeId)
      : await this.letters.list(channelId, limit, beforeId);
    return toPage(rows, limit, ({ id }) => id);
  }

  /** Tries again what was given up. @throws 404 CHANNEL.NOT_FOUND, CHANNEL.INBOX_NOT_FOUND, 409 CHANNEL.INBOX_NOT_DEAD */
  async retry(principal: Principal, channelId: number, id: number): Promise<void> {
    await this.channels.get(principal, channelId);
    const senderKey = await this.letters.revive(channelId, id);
    if (senderKey === undefined) {
      throw (await this.letters.statusOf(channelId, id)) === undefined ? letterNotFound(id) : letterNotDead(id);
    }
    // The upkeep finds it without.
    await this.jobs.add(channelId, senderKey).catch(() => undefined);
  }
}
