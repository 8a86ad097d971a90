import { ConversationOwnership, TurnHandOff } from '@app/conversations';
import type { Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ChannelsService } from '../channels/channels.service';
import { noneIfUnreadable } from './channel-files.service';
import { aiNotStopped, fileNotFound, threadNotFound, withTeam } from './inbox.errors';
import { FilesRepository, type StoredFile } from './persistence/files.repository';
import { ThreadsRepository } from './persistence/threads.repository';

/** Conversations that people have through a channel: for owners of its workspace. */
@Injectable()
export class ChannelThreads {
  constructor(
    private readonly channels: ChannelsService,
    private readonly threads: ThreadsRepository,
    private readonly files: FilesRepository,
    private readonly ownership: ConversationOwnership,
    private readonly handOff: TurnHandOff,
  ) {}

  /**
   * After somebody has written from another program and so stopped the AI: it answers again, from the next message on.
   * @throws 404 CHANNEL.NOT_FOUND, CHANNEL.THREAD_NOT_FOUND, 409 CHANNEL.AI_NOT_STOPPED, CHANNEL.WITH_TEAM
   */
  async resume(principal: Principal, channelId: number, conversationId: number): Promise<void> {
    await this.channels.get(principal, channelId);
    const isStopped = await this.threads.isAiStopped(channelId, conversationId);
    if (isStopped === undefined) throw threadNotFound(conversationId);
    if (!isStopped) throw aiNotStopped(conversationId);
    await this.ownership.giveBack(conversationId, async () => {
      if (await this.handOff.isOpen(conversationId)) throw withTeam(conversationId);
      await this.threads.setAiStopped(conversationId, false);
    });
  }

  /** @throws 404 CHANNEL.NOT_FOUND, CHANNEL.FILE_NOT_FOUND */
  async file(principal: Principal, channelId: number, id: number): Promise<StoredFile & { content: Buffer }> {
    await this.channels.get(principal, channelId);
    const found = await this.files.read(channelId, id).catch(noneIfUnreadable);
    if (found === undefined) throw fileNotFound(id);
    return found;
  }
}
