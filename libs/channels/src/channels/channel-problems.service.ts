import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { ChannelProblem } from '../core/channel-problem';
import { ChannelDirectory } from './channel-directory.service';
import { ChannelsRepository } from './persistence/channels.repository';

/** What keeps whole channels from working: told once, shown until it is over. */
@Injectable()
export class ChannelProblems {
  constructor(
    private readonly repository: ChannelsRepository,
    private readonly directory: ChannelDirectory,
    private readonly logger: PinoLogger,
  ) {}

  async report(channelId: number, code: ChannelProblem): Promise<void> {
    if (!(await this.repository.setProblem(channelId, code))) return;
    this.logger.error(
      { channel_id: channelId, code },
      'a channel does not work; GET /channels/{id} says what is wrong',
    );
    this.directory.changed(channelId);
  }

  /** What was wrong is over. */
  async clear(channelId: number): Promise<void> {
    if (!(await this.repository.setProblem(channelId, null))) return;
    this.logger.info({ channel_id: channelId }, 'a channel works again');
    this.directory.changed(channelId);
  }
}
