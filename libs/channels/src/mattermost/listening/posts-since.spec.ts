import { postsSince, type ReadPage } from './posts-since';

const BEGIN_MS = Date.parse('2024-01-01T08:00:00Z');
const PER_PAGE = 10;

const idOf = (n: number): string => `post${n}`.padEnd(26, 'x');

interface Stored {
  id: string;
  create_at: number;
  update_at?: number;
}

/** A channel as Mattermost gives it: newest first, older than the named post, roots of threads besides. */
function channel(posts: Stored[]): { read: ReadPage; asked: (string | undefined)[] } {
  const asked: (string | undefined)[] = [];
  const user = 'u'.repeat(26);
  const room = 'r'.repeat(26);
  const whole = posts.map((post) => ({ ...post, user_id: user, channel_id: room, message: 'hello' }));
  const root = { ...whole[0], id: idOf(99_999), create_at: BEGIN_MS + 1 };
  return {
    asked,
    read: (before) => {
      asked.push(before);
      const limit = whole.find(({ id }) => id === before)?.create_at ?? Infinity;
      const page = whole
        .filter(({ create_at: at }) => at < limit)
        .sort((one, other) => other.create_at - one.create_at)
        .slice(0, PER_PAGE);
      return Promise.resolve({
        order: page.map(({ id }) => id),
        posts: Object.fromEntries([root, ...page].map((post) => [post.id, post])),
      });
    },
  };
}

const stamped = (times: number[]): Stored[] => times.map((ms, n) => ({ id: idOf(n), create_at: BEGIN_MS + ms }));
const found = async (read: ReadPage, sinceMs: number): Promise<string[]> =>
  (await postsSince(read, BEGIN_MS + sinceMs, () => true)).posts.map(({ id }) => id);

describe('posts after a moment', () => {
  it('all of them from however many pages, oldest first, and no more pages than that takes', async () => {
    const { read, asked } = channel(stamped(Array.from({ length: 100 }, (_, n) => n)));
    expect(await found(read, 70)).toEqual(Array.from({ length: 29 }, (_, n) => idOf(71 + n)));
    expect(asked).toHaveLength(4);
  });

  it('of several in one millisecond none is lost between two pages', async () => {
    for (const together of [2, 3, 7, 9]) {
      const { read } = channel(stamped(Array.from({ length: 60 }, (_, n) => 1 + Math.floor(n / together))));
      expect((await found(read, 0)).sort()).toEqual(Array.from({ length: 60 }, (_, n) => idOf(n)).sort());
    }
  });

  it('more in one millisecond than there are on a page do not keep it from going on', async () => {
    const { read } = channel(stamped([1, 2, ...Array.from({ length: 30 }, () => 5), 8]));
    const ids = await found(read, 0);
    expect(ids.slice(0, 2)).toEqual([idOf(0), idOf(1)]);
    expect(ids.at(-1)).toBe(idOf(32));
  });

  it('a channel in which nothing was ever said has none, and one that ends has no more', async () => {
    expect(await found(channel([]).read, 0)).toEqual([]);
    expect(await found(channel(stamped([1, 2, 3])).read, 0)).toEqual([idOf(0), idOf(1), idOf(2)]);
  });

  it('an old one that was edited since is none, and neither is the root of a thread', async () => {
    const { read } = channel([{ id: idOf(0), create_at: BEGIN_MS, update_at: BEGIN_MS + 50 }, ...stamped([0, 20])]);
    expect(await found(read, 10)).toEqual([idOf(1)]);
  });

  it('only what is of use is kept', async () => {
    const { read } = channel(stamped([1, 2, 3]));
    const { posts } = await postsSince(read, BEGIN_MS, ({ id }) => id === idOf(1));
    expect(posts.map(({ id }) => id)).toEqual([idOf(1)]);
  });

  it('a server that never ends is not read for ever', async () => {
    let n = 0;
    const read: ReadPage = () => {
      n += 1;
      const post = { id: idOf(n), create_at: BEGIN_MS + 1e9 - n, user_id: 'u'.repeat(26), channel_id: 'r'.repeat(26) };
      return Promise.resolve({ order: [post.id], posts: { [post.id]: post } });
    };
    expect(await postsSince(read, BEGIN_MS, () => false)).toEqual({ posts: [], isCut: true });
  });

  it('an answer that is no list is an error, not silence', async () => {
    await expect(
      postsSince(
        () => Promise.resolve({ error: 1 }),
        BEGIN_MS,
        () => true,
      ),
    ).rejects.toThrow('list of posts');
  });
});
