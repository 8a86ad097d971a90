import { ApiKeys, endOf } from './api-keys';

describe('ApiKeys', () => {
  let now = 0;
  let said: string[] = [];
  const ring = (...keys: string[]): ApiKeys =>
    new ApiKeys(keys, {
      now: () => now,
      onPutAside: (end, trouble) => void said.push(`${end} ${trouble}`),
      onBack: (end) => void said.push(`${end} back`),
    });
  const A = 'sk-test-key-aaaa';
  const B = 'sk-test-key-bbbb';
  const C = 'sk-test-key-cccc';

  beforeEach(() => {
    now = 0;
    said = [];
  });

  it('uses the keys in turn', () => {
    const keys = ring(A, B, C);
    expect([1, 2, 3, 4].map(() => keys.take())).toEqual([A, B, C, A]);
  });

  it('leaves a refused key out for five minutes, then tries it again', () => {
    const keys = ring(A, B);
    expect(keys.putAside(A, 'UPSTREAM.UNAUTHORIZED')).toBe(true);
    expect([keys.take(), keys.take()]).toEqual([B, B]);
    expect(keys.asideCount).toBe(1);
    now = 5 * 60_000;
    expect(keys.asideCount).toBe(0);
    expect([keys.take(), keys.take()].sort()).toEqual([A, B]);
  });

  it('with all keys aside, uses the one that has been aside for the longest time', () => {
    const keys = ring(A, B);
    expect(keys.putAside(B, 'UPSTREAM.QUOTA_EXHAUSTED')).toBe(true);
    now = 1;
    expect(keys.putAside(A, 'UPSTREAM.UNAUTHORIZED')).toBe(false);
    expect(keys.take()).toBe(B);
  });

  it('says once that a key was put aside, once that it is back, and never the key', () => {
    const keys = ring(A, B);
    keys.putAside(A, 'UPSTREAM.UNAUTHORIZED');
    keys.putAside(A, 'UPSTREAM.UNAUTHORIZED');
    keys.works(B);
    keys.works(A);
    keys.works(A);
    expect(said).toEqual(['aaaa UPSTREAM.UNAUTHORIZED', 'aaaa back']);
    expect(endOf('short')).toBe('****');
  });

  it('takes new keys, forgets old ones and what was held against them', () => {
    const keys = ring(A, B);
    keys.putAside(A, 'UPSTREAM.UNAUTHORIZED');
    keys.putAside(B, 'UPSTREAM.UNAUTHORIZED');
    keys.replace([B, C]);
    expect([keys.take(), keys.take()]).toEqual([C, C]);
    expect(keys.putAside(A, 'UPSTREAM.UNAUTHORIZED')).toBe(true);
    keys.replace([A]);
    expect(keys.take()).toBe(A);
    expect(keys.asideCount).toBe(0);
  });
});
