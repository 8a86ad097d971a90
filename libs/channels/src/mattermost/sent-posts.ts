import { within } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type ChannelAccess, ChannelSendError, type OutgoingPart } from '../core/channel-adapter';
import { isRecord, recordIn } from '../meta/json';
import { MattermostClient } from './mattermost-client';
import { MattermostDirectory } from './mattermost-directory';
import { MattermostError } from './mattermost-error';
import { LOOK_MS, OUTBOX_PROP, placeFor } from './mattermost-sender';
import { type MattermostPost, postOf } from './post';

/** Their clock and ours may differ by so much, in milliseconds. */
const CLOCKS_MS = 600_000;

/** Finds out whether something that may have left is there. */
@Injectable()
export class SentPosts {
  constructor(
    private readonly client: MattermostClient,
    private readonly directory: MattermostDirectory,
  ) {}

  /** @returns the id of the post, also when somebody has deleted it since; null when there is none. @throws MattermostError */
  async find(access: ChannelAccess, part: OutgoingPart, since: Date): Promise<string | null> {
    return within(this.look(access, part, since), LOOK_MS).catch((error: unknown) => {
      if (error instanceof ChannelSendError) throw error;
      throw new MattermostError('unavailable', `It did not show within ${LOOK_MS} ms whether a post is at Mattermost`);
    });
  }

  private async look(access: ChannelAccess, part: OutgoingPart, since: Date): Promise<string | null> {
    const { channelId, rootId, isCommand } = placeFor(part.threadKey);
    const call =
      rootId === null || isCommand
        ? { path: `/channels/${channelId}/posts`, query: { since: since.getTime() - CLOCKS_MS } }
        : { path: `/posts/${rootId}/thread` };
    const me = await this.directory.me(access);
    const isOurs = ({ userId, props }: MattermostPost): boolean =>
      props[OUTBOX_PROP] === String(part.outboxId) &&
      // What is said where a command was entered is the person's own post.
      (userId === me.id || (userId === part.to.scopedId && props.from_webhook !== undefined));
    try {
      const list = recordIn(await this.client.call(access, { method: 'GET', ...call, deadlineMs: LOOK_MS }), 'posts');
      const posts = isRecord(list) ? Object.values(list).map(postOf) : [];
      return posts.find((post) => post !== null && isOurs(post))?.id ?? null;
    } catch (error) {
      // Where the bot may not look, or where nothing is any more, it has not left from here by way of a post.
      if (error instanceof MattermostError && error.failure === 'unreachable') return null;
      throw error;
    }
  }
}
