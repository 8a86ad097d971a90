import type { Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ChannelsService } from './channels.service';
import {
  ChannelFiguresRepository,
  type InboxFigures,
  type OutboxFigures,
  type PeopleFigures,
} from './persistence/channel-figures.repository';

export interface FiguresOfChannel {
  hours: number;
  inbox: InboxFigures;
  outbox: OutboxFigures;
  people: PeopleFigures;
}

/** How a channel does: for owners of its workspace. */
@Injectable()
export class ChannelFigures {
  constructor(
    private readonly channels: ChannelsService,
    private readonly repository: ChannelFiguresRepository,
  ) {}

  /** @param hours so far back. @throws 404 CHANNEL.NOT_FOUND */
  async of(principal: Principal, id: number, hours: number): Promise<FiguresOfChannel> {
    await this.channels.get(principal, id);
    const [inbox, outbox, people] = await Promise.all([
      this.repository.inbox(id, hours),
      this.repository.outbox(id, hours),
      this.repository.people(id),
    ]);
    return { hours, inbox, outbox, people };
  }
}
