import { type ContextSubject, NO_CONTEXT, type TurnContext, type TurnContextPort } from '@app/contracts';
import { TurnSurroundings } from '@app/conversations';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ChannelAdapters } from '../channels/channel-adapters';
import { ChannelDirectory } from '../channels/channel-directory.service';
import { TurnContextRepository } from './persistence/turn-context.repository';

/** What those that build prompts are told of the channels. */
@Injectable()
export class ChannelSurroundings implements TurnContextPort, OnModuleInit {
  constructor(
    private readonly surroundings: TurnSurroundings,
    private readonly adapters: ChannelAdapters,
    private readonly directory: ChannelDirectory,
    private readonly threads: TurnContextRepository,
  ) {}

  onModuleInit(): void {
    this.surroundings.use(this);
  }

  has(channel: string): boolean {
    return this.adapters.has(channel) && this.adapters.get(channel).surroundings !== undefined;
  }

  async of({ conversationId, content }: ContextSubject, signal: AbortSignal): Promise<TurnContext> {
    const thread = await this.threads.thread(conversationId);
    const access = thread === undefined ? undefined : await this.directory.get(thread.channelId);
    if (thread === undefined || access === undefined) return NO_CONTEXT;
    const adapter = this.adapters.get(access.channel.type);
    return (await adapter.surroundings?.(access, { ...thread, content }, signal)) ?? NO_CONTEXT;
  }
}
