import { isAdmin, mustRead } from '../access';
import { invalidParameter, invalidUrlParameter, noPermission } from '../app-error';
import type { FakePost } from '../records';
import { created, done, ok, type Reply, type Request, type Route, textOf } from '../router';
import { postJson } from '../wire';
import type { World } from '../world';
import { channelInPath } from './channels';

/** The most posts that one `since` gives: GetPostsSince. */
const MOST_SINCE = 1000;

export const postRoutes: readonly Route[] = [
  { method: 'POST', path: '/posts', run: create },
  { method: 'POST', path: '/posts/ephemeral', run: ephemeral },
  { method: 'GET', path: '/posts/:post_id', run: (request) => ok(json(request.world, readable(request))) },
  { method: 'PUT', path: '/posts/:post_id/patch', run: patch },
  { method: 'DELETE', path: '/posts/:post_id', run: remove },
  { method: 'GET', path: '/posts/:post_id/thread', run: thread },
  { method: 'GET', path: '/channels/:channel_id/posts', run: ofChannel },
];

function create({ events, body, caller }: Request): Reply {
  if (typeof body.channel_id !== 'string') throw invalidParameter('post.channel_id');
  const post = events.publish({
    channelId: body.channel_id,
    userId: caller.id,
    message: textOf(body.message),
    rootId: textOf(body.root_id),
    props: isObject(body.props) ? body.props : {},
    fileIds: Array.isArray(body.file_ids) ? body.file_ids.map(String) : [],
    pendingPostId: textOf(body.pending_post_id),
  });
  return created(post);
}

/** Bots may only with a further role. */
function ephemeral({ world, body, caller }: Request): Reply {
  if (!isAdmin(caller) && !caller.roles.includes('system_post_all')) throw noPermission();
  const post = isObject(body.post) ? body.post : {};
  const channel = world.channel(textOf(post.channel_id));
  const shown = { channelId: channel.id, rootId: textOf(post.root_id), text: textOf(post.message) };
  world.show({ userId: textOf(body.user_id), ...shown });
  return created({ id: '', channel_id: channel.id, message: shown.text, type: 'system_ephemeral' });
}

function patch(request: Request): Reply {
  const post = own(request);
  if (typeof request.body.message === 'string') post.message = request.body.message;
  if (isObject(request.body.props)) post.props = request.body.props;
  post.edit_at = post.update_at = Date.now();
  request.events.send(
    'post_edited',
    { post: JSON.stringify(json(request.world, post)) },
    { channelId: post.channel_id },
  );
  return ok(json(request.world, post));
}

function remove(request: Request): Reply {
  const post = own(request);
  post.delete_at = post.update_at = Date.now();
  request.events.send(
    'post_deleted',
    { post: JSON.stringify(json(request.world, post)) },
    { channelId: post.channel_id },
  );
  return done();
}

/** The root first, then its replies, newest first. */
function thread(request: Request): Reply {
  const post = readable(request);
  const rootId = post.root_id || post.id;
  const replies = request.world
    .postsOf(post.channel_id)
    .filter(({ root_id: root, delete_at: deleteAt }) => root === rootId && deleteAt === 0);
  return ok({ ...listOf(request.world, [request.world.post(rootId), ...replies]), has_next: false });
}

/** Newest first, system posts included; those removed only with `since`, which goes by the time of the last change. */
function ofChannel(request: Request): Reply {
  const { world, query } = request;
  const channel = channelInPath(request);
  const all = world.postsOf(channel.id);
  const living = all.filter(({ delete_at: deleteAt }) => deleteAt === 0);
  const since = query.get('since');
  if (since !== null && since !== '') {
    if (!/^\d+$/.test(since)) throw invalidUrlParameter('since');
    const changed = all.filter(({ update_at: updateAt }) => updateAt > Number(since));
    return ok(listOf(world, changed.slice(0, MOST_SINCE)));
  }
  const before = world.posts.get(query.get('before') ?? '');
  const after = world.posts.get(query.get('after') ?? '');
  const page = Math.max(0, Number(query.get('page') ?? 0) || 0);
  const perPage = Math.min(200, Math.max(1, Number(query.get('per_page') ?? 60) || 60));
  const begin = page * perPage;
  if (after) {
    const later = living.filter(({ create_at: createAt }) => createAt > after.create_at).reverse();
    return ok(listOf(world, later.slice(begin, begin + perPage).reverse(), living));
  }
  const earlier = before ? living.filter(({ create_at: createAt }) => createAt < before.create_at) : living;
  return ok(listOf(world, earlier.slice(begin, begin + perPage), living));
}

/** Roots of threads come along in `posts`, though not in `order`. */
function listOf(world: World, posts: FakePost[], all: FakePost[] = []): Record<string, unknown> {
  const roots = posts.flatMap(({ root_id: rootId }) => world.posts.get(rootId) ?? []);
  const newest = all.findIndex(({ id }) => id === posts[0]?.id);
  const oldest = all.findIndex(({ id }) => id === posts.at(-1)?.id);
  return {
    order: posts.map(({ id }) => id),
    posts: Object.fromEntries([...roots, ...posts].map((post) => [post.id, json(world, post)])),
    next_post_id: (newest > 0 ? all[newest - 1]?.id : undefined) ?? '',
    prev_post_id: (oldest >= 0 ? all[oldest + 1]?.id : undefined) ?? '',
    first_inaccessible_post_time: 0,
  };
}

function readable({ world, params, caller }: Request): FakePost {
  const post = world.post(params.post_id ?? '');
  mustRead(world, caller, world.channel(post.channel_id));
  return post;
}

function own(request: Request): FakePost {
  const post = readable(request);
  if (post.user_id !== request.caller.id && !isAdmin(request.caller)) throw noPermission();
  return post;
}

const json = (world: World, post: FakePost): Record<string, unknown> => postJson(post, world.filesOf(post));

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
