import { ChannelSendError } from '../../core/channel-adapter';
import { pauseBeforeNext } from './listen-backoff';

const BROKEN = new Error('broken');

describe('how long a listener waits', () => {
  it('twice as long each time, up to 20 seconds, and never all at once', () => {
    const pauses: number[] = [];
    for (let failures = 0; failures < 9;) {
      const pause = pauseBeforeNext(BROKEN, failures, 100, 1);
      pauses.push(pause.ms);
      failures = pause.failures;
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000, 20_000]);
    expect(pauseBeforeNext(BROKEN, 5, 100, 0).ms).toBe(10_000);
  });

  it('hardly at all after a connection that lasted', () => {
    expect(pauseBeforeNext(BROKEN, 5, 3_600_000, 1)).toEqual({ ms: 500, failures: 0 });
  });

  it('a minute or half when the token is refused', () => {
    const refused = new ChannelSendError('refused-credentials', 'refused');
    expect(pauseBeforeNext(refused, 0, 100, 0).ms).toBe(30_000);
    expect(pauseBeforeNext(refused, 50, 100, 1).ms).toBe(60_000);
  });

  it('as long as the server asks, within reason', () => {
    const limited = (retryAfterMs: number | null) =>
      new ChannelSendError('rate-limited', 'limited', false, retryAfterMs);
    expect(pauseBeforeNext(limited(7000), 0, 100, 0).ms).toBe(7000);
    expect(pauseBeforeNext(limited(86_400_000), 0, 100, 0).ms).toBe(300_000);
    expect(pauseBeforeNext(limited(null), 0, 100, 1).ms).toBe(1000);
  });
});
