import type { HeardPost } from './heard-posts.service';
import { PostQueue } from './post-queue';

const aPost = (id: number): HeardPost => ({ post: { id: String(id) }, roomType: 'O' }) as unknown as HeardPost;
const LONG_MS = 60_000;

describe('posts that wait to be taken in', () => {
  let queue: PostQueue;
  beforeEach(() => {
    queue = new PostQueue();
  });

  it('are given in their order, all that wait at once, each once', async () => {
    queue.push(aPost(1));
    queue.push(aPost(2));
    expect(await queue.next(LONG_MS)).toEqual([aPost(1), aPost(2)]);
    const next = queue.next(LONG_MS);
    queue.push(aPost(3));
    expect(await next).toEqual([aPost(3)]);
  });

  it('those from before the end are given before it is told', async () => {
    queue.push(aPost(1));
    queue.close();
    expect(await queue.next(LONG_MS)).toEqual([aPost(1)]);
    expect(await queue.next(LONG_MS)).toBe('closed');
  });

  it('the end wakes whoever waits', async () => {
    const next = queue.next(LONG_MS);
    queue.close();
    expect(await next).toBe('closed');
  });

  it('after silence it is to be looked', async () => {
    expect(await queue.next(1)).toBe('look');
  });

  it('of too many none is kept: they are looked up', async () => {
    for (let id = 0; id < 1500; id += 1) queue.push(aPost(id));
    expect(await queue.next(LONG_MS)).toBe('look');
    queue.push(aPost(2000));
    expect(await queue.next(LONG_MS)).toEqual([aPost(2000)]);
  });
});
