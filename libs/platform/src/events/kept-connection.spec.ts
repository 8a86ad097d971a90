import { KeptConnection, type OpenConnection } from './kept-connection';

interface Attempt {
  ended: () => void;
  closed: number;
  succeed: () => Promise<void>;
  fail: () => Promise<void>;
}

/** Connections whose fate the test decides. */
function harness(ping: () => Promise<unknown> = () => Promise.resolve()) {
  const attempts: Attempt[] = [];
  const counts = { reopened: 0, trouble: 0 };
  const kept = new KeptConnection({
    open: (ended) => {
      const { promise, resolve, reject } = Promise.withResolvers<OpenConnection>();
      const settle = async (action: () => void): Promise<void> => {
        action();
        await jest.advanceTimersByTimeAsync(0);
      };
      const attempt: Attempt = {
        ended,
        closed: 0,
        succeed: () => settle(() => resolve({ ping, close: () => (attempt.closed += 1) })),
        fail: () => settle(() => reject(new Error('refused'))),
      };
      attempts.push(attempt);
      return promise;
    },
    reopened: () => (counts.reopened += 1),
    trouble: () => (counts.trouble += 1),
  });
  return { kept, attempts, counts };
}

describe('KeptConnection', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('a required first attempt fails to its caller, without a retry', async () => {
    const { kept, attempts } = harness();
    const started = kept.start(true);
    started.catch(() => undefined);
    await attempts[0]!.fail();
    await expect(started).rejects.toThrow('refused');
    await jest.advanceTimersByTimeAsync(60_000);
    expect(attempts).toHaveLength(1);
  });

  it('a first attempt that is not required is retried, and its success is told', async () => {
    const { kept, attempts, counts } = harness();
    const started = kept.start(false);
    await attempts[0]!.fail();
    await started;
    await jest.advanceTimersByTimeAsync(500);
    await attempts[1]!.succeed();
    expect(counts).toEqual({ reopened: 1, trouble: 1 });
    kept.close();
  });

  it('connections that close at once are retried one at a time, with growing pauses', async () => {
    const { kept, attempts } = harness();
    const started = kept.start(true);
    await attempts[0]!.succeed();
    await started;
    attempts[0]!.ended();
    attempts[0]!.ended();
    for (const [index, pauseMs] of [500, 1000, 2000, 4000, 5000, 5000].entries()) {
      await jest.advanceTimersByTimeAsync(pauseMs - 1);
      expect(attempts).toHaveLength(index + 1);
      await jest.advanceTimersByTimeAsync(1);
      expect(attempts).toHaveLength(index + 2);
      // It opens, and is closed before anybody could use it.
      attempts.at(-1)!.ended();
      await attempts.at(-1)!.succeed();
      attempts.at(-1)!.ended();
    }
    kept.close();
    expect(attempts.every((attempt) => attempt.closed === 1)).toBe(true);
  });

  it('a connection that no longer answers is closed and replaced', async () => {
    const { kept, attempts } = harness(() => new Promise(() => undefined));
    const started = kept.start(true);
    await attempts[0]!.succeed();
    await started;
    await jest.advanceTimersByTimeAsync(10_000 + 5000 + 500);
    expect(attempts[0]!.closed).toBe(1);
    expect(attempts).toHaveLength(2);
    kept.close();
  });

  it('after close nothing is opened, and what opens late is closed', async () => {
    const { kept, attempts, counts } = harness();
    const started = kept.start(true);
    await attempts[0]!.succeed();
    await started;
    attempts[0]!.ended();
    await jest.advanceTimersByTimeAsync(500);
    kept.close();
    await attempts[1]!.succeed();
    expect(attempts[1]!.closed).toBe(1);
    expect(counts.reopened).toBe(0);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(attempts).toHaveLength(2);
  });
});
