import { mustWrite } from './access';
import { AppError } from './app-error';
import { newId } from './ids';
import type { FakePost } from './records';
import type { NewPost } from './router';
import type { World } from './world';

/** Longest message in characters (runes, not UTF-16 units): model.PostMessageMaxRunesV2. */
export const MAX_POST_RUNES = 16_383;

/** For so many milliseconds the same `pending_post_id` gives the same post: pendingPostIDsCacheTTL. */
export const PENDING_POST_TTL_MS = 30_000;

/** What Mattermost says against a post that somebody sends. @throws AppError */
export function checkPost(world: World, post: NewPost): void {
  const channel = mustWrite(world.user(post.userId), world.channels.get(post.channelId));
  if (channel.deleteAt > 0) {
    throw new AppError(400, 'api.post.create_post.can_not_post_to_deleted.error', 'Can not post to deleted channel.');
  }
  if (post.rootId) checkRoot(world, post.rootId, post.channelId);
  if ([...post.message].length > MAX_POST_RUNES) {
    const message = `Post Message property is longer than the maximum permitted length of ${MAX_POST_RUNES} characters.`;
    throw new AppError(400, 'model.post.is_valid.message_length.app_error', message);
  }
  for (const id of post.fileIds ?? []) {
    if (!world.files.has(id)) throw new AppError(400, 'api.post.create_post.attach_files.app_error');
  }
}

function checkRoot(world: World, rootId: string, channelId: string): void {
  const root = world.posts.get(rootId);
  if (root?.delete_at !== 0 || root.root_id !== '') {
    throw new AppError(400, 'api.post.create_post.root_id.app_error', 'Invalid RootId parameter.');
  }
  if (root.channel_id !== channelId) {
    throw new AppError(
      400,
      'api.post.create_post.channel_root_id.app_error',
      'Invalid ChannelId for RootId parameter.',
    );
  }
}

/** The post of the same `pending_post_id`, if there is one still known. */
export function pendingPost(world: World, pendingPostId: string, ttlMs: number): FakePost | undefined {
  const post = world.posts.get(world.pendingPosts.get(pendingPostId) ?? '');
  return post && Date.now() - post.create_at < ttlMs ? post : undefined;
}

/** Stores a post; the root of its thread counts as updated, too. */
export function storePost(world: World, wanted: NewPost): FakePost {
  const now = wanted.createAt ?? Date.now();
  const isBot = world.users.get(wanted.userId)?.isBot === true;
  const post: FakePost = {
    id: newId(),
    create_at: now,
    update_at: now,
    edit_at: 0,
    delete_at: 0,
    is_pinned: false,
    user_id: wanted.userId,
    channel_id: wanted.channelId,
    root_id: wanted.rootId ?? '',
    original_id: '',
    message: wanted.message,
    type: wanted.type ?? '',
    props: { ...wanted.props, ...(isBot ? { from_bot: 'true' } : {}) },
    hashtags: '',
    file_ids: wanted.fileIds ?? [],
    pending_post_id: wanted.pendingPostId ?? '',
    remote_id: '',
    reply_count: 0,
    last_reply_at: 0,
    participants: null,
    metadata: {},
  };
  world.posts.set(post.id, post);
  if (post.pending_post_id !== '') world.pendingPosts.set(post.pending_post_id, post.id);
  for (const id of post.file_ids) Object.assign(world.files.get(id) ?? {}, { postId: post.id });
  const channel = world.channel(post.channel_id);
  channel.lastPostAt = Math.max(channel.lastPostAt, now);
  const root = world.posts.get(post.root_id);
  if (root) Object.assign(root, { update_at: now, last_reply_at: now, reply_count: root.reply_count + 1 });
  return post;
}

/** User ids that a message mentions: by name, `@channel`, `@all` and `@here`, and the other one of a direct channel; members only. */
export function mentionsIn(world: World, post: FakePost): string[] {
  const channel = world.channel(post.channel_id);
  const names = [...post.message.toLowerCase().matchAll(/\B@([a-z0-9][a-z0-9.\-_]*)/g)].map((match) =>
    (match[1] ?? '').replace(/[.\-_]+$/, ''),
  );
  const isForAll = names.some((name) => ['all', 'channel', 'here'].includes(name));
  return [...channel.members].filter((id) => {
    if (id === post.user_id) return false;
    return isForAll || channel.type === 'D' || names.includes(world.users.get(id)?.username ?? '');
  });
}
