import type { InboundEvent } from '../core/channel-adapter';
import { whyNeverAnswered } from './loop-guards';
import type { MattermostUser } from './mattermost-directory';
import { threadKeyOf } from './place';
import type { MattermostChannelType, MattermostPost } from './post';
import { EMPTY_QUESTION, questionIn, questionOrAll } from './triggers';

/** What it takes to know whether a post is for the bot. */
export interface Hearing {
  bot: Pick<MattermostUser, 'id' | 'username'>;
  author: Pick<MattermostUser, 'username' | 'isBot'>;
  roomType: MattermostChannelType;
  /** Whether the bot answers in that channel at all. */
  isAllowed: boolean;
  /** The channel's own words, and whatever has set a hook off. */
  triggers: readonly string[];
  /** Mattermost has found a trigger already. */
  isTriggered: boolean;
}

/** What a post means for the bot, however it was heard of: by a hook, on the WebSocket, or looked up after a gap. `other` names why it is not answered. */
export function inboundPost(post: MattermostPost, hearing: Hearing): InboundEvent {
  const { bot, author, roomType } = hearing;
  const sender = { scopedId: post.userId, phone: null, name: author.username === '' ? null : author.username };
  const ignored = (type: string): InboundEvent => ({ kind: 'other', externalId: post.id, sender, type });
  const never = whyNeverAnswered(post, { botId: bot.id, isByBot: author.isBot });
  if (never !== null) return ignored(never);
  if (!hearing.isAllowed) return ignored('channel_not_allowed');
  const triggers = { words: hearing.triggers, botName: bot.username };
  const isForBot = roomType === 'D' || hearing.isTriggered;
  const question = isForBot ? questionOrAll(post.message, triggers) : questionIn(post.message, triggers);
  if (question === null) return ignored('not_mentioned');
  return {
    kind: 'message',
    externalId: post.id,
    sender,
    threadKey: threadKeyOf({
      channelId: post.channelId,
      rootId: roomType === 'D' ? post.rootId : (post.rootId ?? post.id),
      isCommand: false,
    }),
    text: question === '' && post.files.length === 0 ? EMPTY_QUESTION : question,
    media: post.files,
    replyTo: post.rootId,
    sentAt: post.createAt === 0 ? null : new Date(post.createAt),
  };
}
