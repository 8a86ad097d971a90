import { ConcurrencyLimit } from './concurrency-limit';

/** Work that ends when told to. */
function controlled(): { work: () => Promise<string>; end: (result: string) => void; started: () => boolean } {
  const { promise, resolve } = Promise.withResolvers<string>();
  let hasStarted = false;
  return {
    work: () => {
      hasStarted = true;
      return promise;
    },
    end: resolve,
    started: () => hasStarted,
  };
}

const aLimit = (maxRunning: number, maxWaiting: number): ConcurrencyLimit =>
  new ConcurrencyLimit(maxRunning, maxWaiting, () => new Error('full'));

describe('ConcurrencyLimit', () => {
  it('runs no more than the limit at once, and the others in the order they came', async () => {
    const limit = aLimit(2, 10);
    const [a, b, c, d] = [controlled(), controlled(), controlled(), controlled()];
    const results = [a, b, c, d].map(({ work }) => limit.run(work));
    expect([a, b, c, d].map(({ started }) => started())).toEqual([true, true, false, false]);
    b.end('b');
    await results[1];
    expect([c, d].map(({ started }) => started())).toEqual([true, false]);
    for (const [task, name] of [
      [a, 'a'],
      [c, 'c'],
      [d, 'd'],
    ] as const) {
      task.end(name);
    }
    await expect(Promise.all(results)).resolves.toEqual(['a', 'b', 'c', 'd']);
  });

  it('refuses work when too many wait', async () => {
    const limit = aLimit(1, 1);
    const [running, waiting] = [controlled(), controlled()];
    const results = [limit.run(running.work), limit.run(waiting.work)];
    await expect(limit.run(() => Promise.resolve('x'))).rejects.toThrow('full');
    running.end('first');
    waiting.end('second');
    await expect(Promise.all(results)).resolves.toEqual(['first', 'second']);
  });

  it('gives the place of failed work to the next', async () => {
    const limit = aLimit(1, 1);
    const failed = limit.run(() => Promise.reject(new Error('broken')));
    const next = limit.run(() => Promise.resolve('fine'));
    await expect(failed).rejects.toThrow('broken');
    await expect(next).resolves.toBe('fine');
    await expect(limit.run(() => Promise.resolve('and again'))).resolves.toBe('and again');
  });
});
