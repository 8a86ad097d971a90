import { createParley, ParleyError } from '@parley/client';
import { FakeBackend, json, problem } from './fake-backend';

const BASE = 'http://parley.test/prefix';
const HELLO = { params: { path: { conversation_id: 5 } }, body: { content: 'hi' } };

/** A token that ends in so many seconds. */
function tokenFor(seconds: number, name: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none' })}.${part({ exp: Math.floor(Date.now() / 1000) + seconds, name })}.x`;
}

describe('REST through the client', () => {
  let backend: FakeBackend;
  beforeEach(() => (backend = new FakeBackend()));
  const parley = (options: object = {}) => createParley({ baseUrl: BASE, fetch: backend.fetch, ...options });
  const failure = (promise: Promise<unknown>): Promise<ParleyError> =>
    promise.then(
      () => Promise.reject(new Error('it went well')),
      (error: unknown) => error as ParleyError,
    );

  it('sends the token and keeps the path of the address', async () => {
    backend.next(json({ id: 3 }));
    const { data } = await parley({ token: 't' }).rest.GET('/auth/me');
    expect(data.id).toBe(3);
    expect(backend.seen[0]).toMatchObject({ method: 'GET', path: '/prefix/auth/me' });
    expect(backend.seen[0]!.headers.get('authorization')).toBe('Bearer t');
  });

  it('a refusal is thrown with everything that the problem document says', async () => {
    const document = {
      code: 'REQUEST.INVALID',
      detail: 'limit: too large.',
      errors: [{ field: 'limit', message: 'too large.' }],
    };
    backend.next(json(document, 422, { 'x-request-id': 'r-1' }));
    const error = await failure(parley().rest.GET('/chat/conversations'));
    expect(error).toBeInstanceOf(ParleyError);
    expect(error).toMatchObject({ ...document, status: 422, requestId: 'r-1', retryAfter: undefined });
    expect(error.message).toBe('REQUEST.INVALID: limit: too large.');
  });

  it('what a proxy says instead of a problem document is an error with a code, too', async () => {
    backend.next(new Response('<html>', { status: 413, statusText: 'Payload Too Large' }));
    expect(await failure(parley().rest.GET('/chat/conversations'))).toMatchObject({ code: 'HTTP.413', status: 413 });
  });

  it('waits as long as Retry-After says and asks again, for what may be repeated', async () => {
    backend.next(
      problem(429, 'REQUEST.TOO_MANY', { 'retry-after': '0.2' }),
      problem(503, 'X', { 'retry-after': '0' }),
      json({ id: 1 }),
    );
    const since = performance.now();
    await parley().rest.GET('/auth/me');
    expect(backend.seen).toHaveLength(3);
    expect(performance.now() - since).toBeGreaterThanOrEqual(199);
  });

  it('gives up after as many tries as it was told, and at once when the wait is too long', async () => {
    backend.next(problem(503, 'DATABASE.UNAVAILABLE', { 'retry-after': '0' }));
    expect(await failure(parley({ maxTries: 3 }).rest.GET('/auth/me'))).toMatchObject({ status: 503 });
    expect(backend.seen).toHaveLength(3);
    const patient = new FakeBackend().next(problem(429, 'REQUEST.TOO_MANY', { 'retry-after': '3600' }));
    const error = await failure(createParley({ baseUrl: BASE, fetch: patient.fetch }).rest.GET('/auth/me'));
    expect([error.retryAfter, patient.seen.length]).toEqual([3600, 1]);
  });

  it('does not repeat what would be done twice', async () => {
    backend.next(problem(503, 'X', { 'retry-after': '0' }));
    await failure(parley().rest.POST('/chat/conversations', { body: { persona_id: 1 } }));
    expect(backend.seen).toHaveLength(1);
    const broken = new FakeBackend().next(new TypeError('fetch failed'));
    const error = await failure(
      createParley({ baseUrl: BASE, fetch: broken.fetch }).rest.POST('/chat/conversations', {
        body: { persona_id: 1 },
      }),
    );
    expect([error.code, error.status, broken.seen.length]).toEqual(['CLIENT.UNREACHABLE', 0, 1]);
  });

  it('a send gets a key of its own and is repeated with it; your key is kept', async () => {
    backend.next(new TypeError('fetch failed'), problem(503, 'X', { 'retry-after': '0' }), json({ turn_id: 1 }));
    await parley().rest.POST('/chat/conversations/{conversation_id}/send', HELLO);
    const keys = backend.seen.map(({ headers }) => headers.get('idempotency-key'));
    expect(keys).toEqual([keys[0], keys[0], keys[0]]);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(backend.seen.map(({ body }) => body)).toEqual(Array(3).fill('{"content":"hi"}'));
    const mine = { ...HELLO, params: { ...HELLO.params, header: { 'Idempotency-Key': 'mine' } } };
    await parley().rest.POST('/chat/conversations/{conversation_id}/send', mine);
    await parley().rest.POST('/chat/conversations/{conversation_id}/send', HELLO);
    expect(backend.seen[3]!.headers.get('idempotency-key')).toBe('mine');
    expect(backend.seen[4]!.headers.get('idempotency-key')).not.toBe(keys[0]);
  });

  describe('tokens', () => {
    const pair = (name: string, expiresIn = 900) =>
      json({ access_token: name, refresh_token: `refresh-${name}`, token_type: 'bearer', expires_in: expiresIn });

    it('one that was refused is renewed once for all who wait for it, and they go on with the new one', async () => {
      const kept: unknown[] = [];
      backend.next(async ({ path, headers }) => {
        await new Promise((next) => setImmediate(next));
        if (path.endsWith('/auth/refresh')) return pair('new');
        return headers.get('authorization') === 'Bearer new' ? json({ id: 1 }) : problem(401, 'AUTH.REQUIRED');
      });
      const { rest } = parley({ token: 'old', refreshToken: 'once', onTokens: (tokens: unknown) => kept.push(tokens) });
      await Promise.all([
        rest.GET('/auth/me'),
        rest.POST('/chat/conversations', { body: { persona_id: 1 } }),
        rest.GET('/auth/me'),
      ]);
      const refreshes = backend.seen.filter(({ path }) => path.endsWith('/auth/refresh'));
      expect(refreshes.map(({ body, headers }) => [body, headers.get('authorization')])).toEqual([
        ['{"refresh_token":"once"}', null],
      ]);
      expect(kept).toEqual([{ accessToken: 'new', refreshToken: 'refresh-new' }]);
    });

    it('one that ends soon is renewed before it is used', async () => {
      backend.next(pair('new'), json({ id: 1 }));
      await parley({ token: tokenFor(10, 'old'), refreshToken: 'r' }).rest.GET('/auth/me');
      expect(backend.seen.map(({ path, headers }) => [path, headers.get('authorization')])).toEqual([
        ['/prefix/auth/refresh', null],
        ['/prefix/auth/me', 'Bearer new'],
      ]);
    });

    it('getToken is asked once, and again when its token was refused', async () => {
      const tokens = ['first', 'second'];
      backend.next(({ headers }) =>
        headers.get('authorization') === 'Bearer second' ? json({ id: 1 }) : problem(401, 'AUTH.REQUIRED'),
      );
      let asked = 0;
      const { rest } = parley({ getToken: () => tokens[asked++] });
      await rest.GET('/auth/me');
      await rest.GET('/auth/me');
      expect([asked, backend.seen.length]).toEqual([2, 3]);
    });

    it('a login that is over is said so, and not asked for again and again', async () => {
      backend.next(problem(401, 'AUTH.REQUIRED'), problem(401, 'AUTH.REFRESH_REUSED'));
      const error = await failure(parley({ token: 'old', refreshToken: 'r' }).rest.GET('/auth/me'));
      expect([error.code, backend.seen.length]).toEqual(['AUTH.REFRESH_REUSED', 2]);
      const { rest } = createParley({
        baseUrl: BASE,
        fetch: new FakeBackend().next(problem(401, 'AUTH.REQUIRED')).fetch,
        token: 'x',
      });
      expect((await failure(rest.GET('/auth/me'))).code).toBe('AUTH.REQUIRED');
    });
  });

  it('the public key of a support chat goes to the support chat, and nowhere else', async () => {
    backend.next(json({}));
    const { rest } = parley({ publicKey: 'pk' });
    await rest.GET('/health');
    await (rest.POST as unknown as (path: string, init: object) => Promise<unknown>)('/api/v1/chat/session', {
      body: {},
    });
    expect(backend.seen.map(({ headers }) => headers.get('x-parley-key'))).toEqual([null, 'pk']);
  });

  it('a request that is called off is not asked again', async () => {
    const abort = new AbortController();
    backend.next(() => {
      abort.abort(new Error('enough'));
      throw new TypeError('aborted');
    });
    const error = await failure(parley().rest.GET('/auth/me', { signal: abort.signal }));
    expect([error.message, backend.seen.length]).toEqual(['enough', 1]);
  });
});
