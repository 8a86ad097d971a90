import { Injectable } from '@nestjs/common';
import type { ChannelAccess, InboundEvent } from '../../core/channel-adapter';
import { Intake } from '../../inbox/intake.service';
import { senderKeyOf } from '../../inbox/inbox-row';
import { type Hearing, inboundPost } from '../inbound-post';
import { MattermostDirectory, type MattermostUser } from '../mattermost-directory';
import type { MattermostChannelType, MattermostPost } from '../post';
import { MattermostRooms } from '../rooms';

/** A post that was told of, or found, and where it stands. */
export interface HeardPost {
  post: MattermostPost;
  roomType: MattermostChannelType;
}

/** Rows that are stored in one statement. */
const BATCH = 100;

/** Takes posts that the bot has heard into the inbox, as hooks are: the same post is there once, whoever told of it. */
@Injectable()
export class HeardPosts {
  constructor(
    private readonly directory: MattermostDirectory,
    private readonly rooms: MattermostRooms,
    private readonly intake: Intake,
  ) {}

  /** Whether it may be for the bot, as far as the post itself shows. Most are not, and nobody is asked about those. */
  isOfUse(access: ChannelAccess, bot: MattermostUser, heard: HeardPost): boolean {
    const nobody = { username: '', isBot: false };
    return this.understand(access, bot, heard, { author: nobody, isAllowed: true }).kind === 'message';
  }

  /** When this returns, those that are for the bot are stored, in this order. @throws when somebody who has to be asked does not answer */
  async take(access: ChannelAccess, bot: MattermostUser, heard: readonly HeardPost[]): Promise<void> {
    const ofUse = heard.filter((each) => this.isOfUse(access, bot, each));
    const { channel } = access;
    for (let start = 0; start < ofUse.length; start += BATCH) {
      const rows = [];
      for (const each of ofUse.slice(start, start + BATCH)) {
        const event = await this.eventOf(access, bot, each);
        if (event.kind !== 'message') continue;
        const { kind, externalId } = event;
        rows.push({ channelId: channel.id, externalId, senderKey: senderKeyOf(event), kind, event });
      }
      await this.intake.store([channel], rows);
    }
  }

  private async eventOf(access: ChannelAccess, bot: MattermostUser, heard: HeardPost): Promise<InboundEvent> {
    const { userId, channelId } = heard.post;
    const author = await this.directory.author(access, userId);
    const isAllowed = await this.rooms.isAllowed(access, channelId);
    return this.understand(access, bot, heard, { author, isAllowed });
  }

  private understand(
    { channel }: ChannelAccess,
    bot: MattermostUser,
    { post, roomType }: HeardPost,
    known: Pick<Hearing, 'author' | 'isAllowed'>,
  ): InboundEvent {
    return inboundPost(post, { ...known, bot, roomType, triggers: channel.settings.triggers, isTriggered: false });
  }
}
