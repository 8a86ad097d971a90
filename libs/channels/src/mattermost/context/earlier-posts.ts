import type { ContextNote } from '@app/contracts';
import { Injectable } from '@nestjs/common';
import { TurnContextRepository } from '../../context/persistence/turn-context.repository';
import type { ChannelAccess } from '../../core/channel-adapter';
import type { AskedThere } from '../../core/surroundings';
import { isRecord } from '../../meta/json';
import { MattermostClient } from '../mattermost-client';
import { MattermostDirectory, type MattermostRoom, type MattermostUser } from '../mattermost-directory';
import type { Place } from '../place';
import { isMattermostId, type MattermostPost, postOf } from '../post';
import { postsToTell, toldPosts } from './context-posts';

/** Most that Mattermost gives at once: https://developers.mattermost.com/api-documentation/#/operations/GetPostsForChannel */
const MAX_PAGE = 200;

export interface PostsWanted {
  around: AskedThere;
  place: Place;
  room: MattermostRoom;
  most: number;
}

/** What was written before a question: in its thread, or in the channel when it begins one. */
@Injectable()
export class EarlierPosts {
  constructor(
    private readonly client: MattermostClient,
    private readonly directory: MattermostDirectory,
    private readonly threads: TurnContextRepository,
  ) {}

  /** Null when there is nothing to tell. @throws MattermostError */
  async of(access: ChannelAccess, wanted: PostsWanted, signal: AbortSignal): Promise<ContextNote | null> {
    const { around, room, most } = wanted;
    const isInThread = threadOf(wanted) !== null;
    const [found, bot] = await Promise.all([this.read(access, wanted, signal), this.directory.me(access, signal)]);
    const allowed = await this.allowed(access, around, found, bot, signal);
    const posts = postsToTell(found, { ...allowed, botId: bot.id, after: around.resetAt?.getTime() ?? 0, most });
    if (posts.length === 0) return null;
    const nameOf = (userId: string): string => (userId === bot.id ? bot.username : allowed.nameOf(userId));
    const where = isInThread ? 'this thread' : `the channel "${room.displayName || room.name}"`;
    // Personas keep to themselves what they have heard from others.
    return {
      title: `Earlier posts in ${where}, oldest first; everybody in the channel can read them`,
      text: toldPosts(posts, nameOf),
    };
  }

  private async read(access: ChannelAccess, wanted: PostsWanted, signal: AbortSignal): Promise<MattermostPost[]> {
    const { around, place, most } = wanted;
    const root = threadOf(wanted);
    const question = isMattermostId(around.lastExternalId) ? around.lastExternalId : null;
    if (root !== null) {
      const posts = postsIn(await this.client.call(access, { method: 'GET', path: `/posts/${root}/thread`, signal }));
      const asked = posts.find(({ id }) => id === question);
      // Who enters a command says themselves in which thread, and Mattermost does not see to it that it is one of this channel.
      const there = posts.filter(({ channelId }) => channelId === place.channelId);
      return there.filter((post) => asked === undefined || post.createAt < asked.createAt);
    }
    // Of what there is, some is not told.
    const perPage = Math.min(MAX_PAGE, Math.max(60, 2 * most));
    return postsIn(
      await this.client.call(access, {
        method: 'GET',
        path: `/channels/${place.channelId}/posts`,
        query: { page: 0, per_page: perPage, ...(question === null ? {} : { before: question }) },
        signal,
      }),
    );
  }

  private async allowed(
    access: ChannelAccess,
    around: AskedThere,
    posts: readonly MattermostPost[],
    bot: MattermostUser,
    signal: AbortSignal,
  ): Promise<{ known: Set<string>; mayBeTold: (id: string) => boolean; nameOf: (id: string) => string }> {
    const ids = posts.map(({ id }) => id);
    const authors = [...new Set(posts.map(({ userId }) => userId))].filter((id) => id !== bot.id);
    const { allowed_senders: senders } = access.channel.settings;
    const [known, optedOut, users] = await Promise.all([
      this.threads.inConversation(around, ids),
      this.threads.optedOut(around.channelId, authors),
      this.directory.users(access, authors, signal),
    ]);
    if (around.lastExternalId !== null) known.add(around.lastExternalId);
    return {
      known,
      // Who is not known cannot be told from a program.
      mayBeTold: (id) =>
        users.get(id)?.isBot === false && !optedOut.has(id) && (senders.length === 0 || senders.includes(id)),
      nameOf: (id) => users.get(id)?.username ?? 'somebody',
    };
  }
}

/** The post that the thread of the question hangs from; null when the question is not in one, or begins one. */
const threadOf = ({ place, around }: PostsWanted): string | null =>
  place.rootId === around.lastExternalId || !isMattermostId(place.rootId) ? null : place.rootId;

/** In the order of the server, without the roots of threads that come along with it. */
function postsIn(answer: unknown): MattermostPost[] {
  if (!isRecord(answer) || !Array.isArray(answer.order) || !isRecord(answer.posts)) return [];
  const { posts } = answer;
  return answer.order.flatMap((id) => (typeof id === 'string' ? (postOf(posts[id]) ?? []) : []));
}
