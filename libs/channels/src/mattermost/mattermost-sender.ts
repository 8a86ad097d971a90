import { Injectable } from '@nestjs/common';
import { type ChannelAccess, ChannelSendError, type InboundMessage, type OutgoingPart } from '../core/channel-adapter';
import { isRecord } from '../meta/json';
import { MattermostClient } from './mattermost-client';
import { MattermostError } from './mattermost-error';
import { isReplyAddress } from './mattermost-hooks';
import { type Place, placeOf } from './place';
import { isMattermostId } from './post';

/** How posts of ours say which row of the outbox they are: so one that may have left is found again. */
export const OUTBOX_PROP = 'parley_outbox_id';

/**
 * Milliseconds for what sending one part can consist of: looking whether it has left before, the address of a command, and a post. Together they take
 * no longer than one call of other channels, 20 s: the outbox holds a row for 30 s, and whoever takes a conversation over waits for 25 s.
 */
export const LOOK_MS = 5000;
const REPLY_MS = 5000;
const POST_MS = 10_000;

/** And which of them are no answers. */
export const NOTICE_PROP = 'parley_notice';

/** Says things at Mattermost. */
@Injectable()
export class MattermostSender {
  constructor(private readonly client: MattermostClient) {}

  /** @returns the id of the post. @throws MattermostError */
  async send(access: ChannelAccess, part: OutgoingPart): Promise<string> {
    const place = placeFor(part.threadKey);
    const { replyAddress } = part;
    if (replyAddress !== undefined && isReplyAddress(access, replyAddress)) {
      const said = await this.reply(access, part, replyAddress);
      if (said !== null) return said;
    }
    return this.post(access, place, part);
  }

  /** Something that is no answer, such as why there is none: to the person alone where they have entered a command, else in the thread. @throws MattermostError */
  async tell(access: ChannelAccess, message: InboundMessage, text: string): Promise<void> {
    const { replyAddress } = message;
    if (replyAddress !== undefined && isReplyAddress(access, replyAddress)) {
      await this.client.postTo(access, replyAddress, { response_type: 'ephemeral', text, skip_slack_parsing: true });
      return;
    }
    const { channelId, rootId } = placeFor(message.threadKey);
    await this.client.call(access, {
      method: 'POST',
      path: '/posts',
      body: {
        channel_id: channelId,
        root_id: rootId ?? '',
        message: text,
        pending_post_id: `parley:${access.channel.id}:${message.externalId}`,
        props: { [NOTICE_PROP]: 'true' },
      },
    });
  }

  /** Where the person waits for the answer to a command. @returns null when that is over */
  private async reply(
    access: ChannelAccess,
    { outboxId, content }: OutgoingPart,
    address: string,
  ): Promise<string | null> {
    try {
      const body = {
        response_type: 'in_channel',
        text: content,
        props: { [OUTBOX_PROP]: String(outboxId) },
        skip_slack_parsing: true,
      };
      await this.client.postTo(access, address, body, REPLY_MS);
      return `command:${outboxId}`;
    } catch (error) {
      const isOver =
        error instanceof MattermostError && error.status !== null && error.status < 500 && error.status !== 429;
      if (isOver) return null;
      throw error;
    }
  }

  private async post(access: ChannelAccess, place: Place, { outboxId, content }: OutgoingPart): Promise<string> {
    const made = await this.client.call(access, {
      method: 'POST',
      path: '/posts',
      body: {
        channel_id: place.channelId,
        root_id: place.rootId ?? '',
        message: content,
        pending_post_id: `parley:${access.channel.id}:${outboxId}`,
        props: { [OUTBOX_PROP]: String(outboxId) },
      },
      deadlineMs: POST_MS,
    });
    const id = isRecord(made) ? made.id : null;
    if (!isMattermostId(id)) throw new MattermostError('unavailable', 'Mattermost took a post without naming it', true);
    return id;
  }
}

export function placeFor(threadKey: string): Place {
  const place = placeOf(threadKey);
  if (place === null) throw new ChannelSendError('unreachable', 'There is no channel at Mattermost to send to');
  return place;
}
