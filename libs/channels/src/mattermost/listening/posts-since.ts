import { isRecord, recordIn } from '../../meta/json';
import { type MattermostPost, postOf } from '../post';

/** The most that a server gives at a time. @see https://developers.mattermost.com/api-documentation/#/operations/GetPostsForChannel */
export const PER_PAGE = 200;
/** Of one channel, 40,000 posts. */
const MAX_PAGES = 200;

/** A page of a channel, newest first. @param before the posts are older than this one's; undefined: the newest */
export type ReadPage = (before: string | undefined) => Promise<unknown>;

export interface PostsSince {
  /** Oldest first. */
  posts: MattermostPost[];
  /** There are more than can be looked at. */
  isCut: boolean;
}

/**
 * What was posted to a channel after a moment. Not asked for with `since`, which goes by changes, gives 1,000 at most and does not say which ones are missing.
 * @param isOfUse others are not kept
 */
export async function postsSince(
  readPage: ReadPage,
  sinceMs: number,
  isOfUse: (post: MattermostPost) => boolean,
): Promise<PostsSince> {
  const kept = new Map<string, MattermostPost>();
  const seen = new Set<string>();
  let before: string | undefined;
  for (let count = 0; count < MAX_PAGES; count += 1) {
    const page = pageOf(await readPage(before));
    const oldest = page.at(-1);
    const hasNews = page.some(({ id }) => !seen.has(id));
    for (const post of page) {
      seen.add(post.id);
      if (post.createAt > sinceMs && isOfUse(post)) kept.set(post.id, post);
    }
    if (oldest === undefined || !hasNews || oldest.createAt <= sinceMs) return { posts: inOrder(kept), isCut: false };
    // Others of the same millisecond may be on the next page, which begins with posts that are older than the named one.
    const newer = page.findLast(({ createAt }) => createAt > oldest.createAt);
    before = newer === undefined || newer.id === before ? oldest.id : newer.id;
  }
  return { posts: inOrder(kept), isCut: true };
}

/** Newest first; the posts that threads hang from come along without being part of the order. */
function pageOf(answer: unknown): MattermostPost[] {
  if (!isRecord(answer) || !Array.isArray(answer.order)) {
    throw new Error('Mattermost answered without a list of posts.');
  }
  const posts = recordIn(answer, 'posts') ?? {};
  return answer.order.flatMap((id: unknown) => (typeof id === 'string' ? (postOf(posts[id]) ?? []) : []));
}

/** Those of one millisecond as the server has them. */
const inOrder = (newestFirst: ReadonlyMap<string, MattermostPost>): MattermostPost[] =>
  [...newestFirst.values()].reverse().sort(byTime);

export const byTime = (one: MattermostPost, other: MattermostPost): number => one.createAt - other.createAt;
