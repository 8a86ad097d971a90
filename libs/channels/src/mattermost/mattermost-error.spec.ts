import { failureOf } from './mattermost-error';

const failure = (status: number, headers: Record<string, string> = {}, errorId: string | null = 'api.some.error') =>
  failureOf({ status, headers }, errorId, true);

describe('what answers of Mattermost mean', () => {
  it.each([
    [401, 'refused-credentials'],
    [403, 'unreachable'],
    [404, 'unreachable'],
    [400, 'invalid'],
    [413, 'invalid'],
    [429, 'rate-limited'],
    [500, 'unavailable'],
    [302, 'unavailable'],
  ])('%i is %s', (status, expected) => {
    expect(failure(status)).toMatchObject({ failure: expected, mayHaveLeft: false });
  });

  it.each([401, 403, 404])('%i of a proxy says nothing about a token, a post or a channel, and passes', (status) => {
    expect(failure(status, {}, null)).toMatchObject({ failure: 'unavailable', mayHaveLeft: false });
  });

  it('a proxy that gave up may have handed it on', () => {
    expect(failure(502, {}, null)).toMatchObject({ failure: 'unavailable', mayHaveLeft: true });
    expect(failureOf({ status: 502, headers: {} }, null, false).mayHaveLeft).toBe(false);
  });

  it('a post of which an earlier attempt is still being made may have left', () => {
    const pending = 'api.post.deduplicate_create_post.pending';
    expect(failure(500, {}, pending)).toMatchObject({ failure: 'unavailable', mayHaveLeft: true });
  });

  it('waits as long as it is told to, in seconds or until a moment, an hour at most', () => {
    expect(failure(429, { 'x-ratelimit-reset': '7' }).retryAfterMs).toBe(7000);
    expect(failure(429, { 'retry-after': '3', 'x-ratelimit-reset': '7' }).retryAfterMs).toBe(3000);
    const soon = Math.ceil(Date.now() / 1000) + 60;
    expect(failure(429, { 'x-ratelimit-reset': String(soon) }).retryAfterMs).toBeGreaterThan(30_000);
    expect(failure(429, { 'retry-after': '99999' }).retryAfterMs).toBe(3_600_000);
    expect(failure(429, { 'retry-after': 'soon' }).retryAfterMs).toBeNull();
    expect(failure(429).retryAfterMs).toBeNull();
  });
});
