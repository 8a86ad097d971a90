import { Injectable } from '@nestjs/common';
import type { ChannelAccess, InboundEvent, InboundMessage } from '../core/channel-adapter';
import { inboundPost } from './inbound-post';
import { MattermostClient } from './mattermost-client';
import { MattermostDirectory } from './mattermost-directory';
import { MattermostError } from './mattermost-error';
import { isReplyAddress } from './mattermost-hooks';
import { placeOf } from './place';
import { isMattermostId, postOf } from './post';
import { MattermostRooms } from './rooms';

/** For everything that is asked about one message; the row is held for a minute. */
const COMPLETED_WITHIN_MS = 15_000;

/** What a hook left out, asked of the server. */
@Injectable()
export class MattermostInbound {
  constructor(
    private readonly client: MattermostClient,
    private readonly directory: MattermostDirectory,
    private readonly rooms: MattermostRooms,
  ) {}

  /** @throws MattermostError */
  async complete(access: ChannelAccess, event: InboundMessage): Promise<InboundEvent> {
    const signal = AbortSignal.timeout(COMPLETED_WITHIN_MS);
    const { partial, replyAddress, placeName, ...whole } = event;
    if (partial !== undefined) return this.lookUp(access, event, signal);
    const place = placeOf(event.threadKey);
    if (place?.isCommand !== true) return whole;
    if (!(await this.rooms.isAllowed(access, place.channelId, signal, placeName))) {
      return { kind: 'other', externalId: event.externalId, sender: event.sender, type: 'channel_not_allowed' };
    }
    const isOurs = replyAddress !== undefined && isReplyAddress(access, replyAddress);
    return isOurs ? { ...whole, replyAddress } : whole;
  }

  private async lookUp(access: ChannelAccess, event: InboundMessage, signal: AbortSignal): Promise<InboundEvent> {
    if (!isMattermostId(event.externalId)) throw new MattermostError('invalid', 'That is no id of a post');
    const post = postOf(await this.client.call(access, { method: 'GET', path: `/posts/${event.externalId}`, signal }));
    if (post === null) throw new MattermostError('unavailable', 'Mattermost answered something else than a post');
    const [bot, author, isAllowed] = await Promise.all([
      this.directory.me(access, signal),
      this.directory.author(access, post.userId, signal),
      this.rooms.isAllowed(access, post.channelId, signal),
    ]);
    const trigger = event.partial?.trigger ?? null;
    const { triggers } = access.channel.settings;
    return inboundPost(post, {
      bot,
      author,
      // Outgoing webhooks are for open channels only.
      roomType: 'O',
      isAllowed,
      triggers: trigger === null ? triggers : [trigger, ...triggers],
      isTriggered: true,
    });
  }
}
