import { type Exchange, exchange } from '../fuzz/wire';
import { problemFaults } from '../fuzz/oracles';
import { type Parley, startParley } from '../support/parley';

/** Routes have methods; these paths have none of them, or no route at all. `*` and what begins with it is no path, but Node takes it. */
const UNKNOWN = [
  '/nope',
  '/nope/',
  '//',
  '/*',
  '/widget.js/',
  '/assets/',
  '/api/v1/nope',
  '*',
  '*?a=b',
  '*docs',
  '*health/live',
];
const PAGES = ['/', '/?key=pk_x', '/widget.js', '/widget-demo', 'http://127.0.0.1/widget.js'];
const DEADLINE_MS = 20_000;

describe('paths that are none of the api', () => {
  let parley: Parley;

  beforeAll(async () => {
    parley = await startParley({ RATE_LIMIT_PER_IP: '400', CORS_ORIGINS: 'https://shop.example.com' });
  });
  afterAll(() => parley.stop());

  /** As bytes: `fetch` sends paths only. */
  async function ask(method: string, target: string, headers: string[] = []): Promise<NonNullable<Exchange['reply']>> {
    const lines = [`${method} ${target} HTTP/1.1`, 'host: 127.0.0.1', 'connection: close', ...headers];
    const { reply } = await exchange(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), {
      port: Number(new URL(parley.url).port),
      deadlineMs: DEADLINE_MS,
      isBodiless: method === 'HEAD',
    });
    if (reply === null) throw new Error(`${method} ${target} was not answered.`);
    return reply;
  }

  const hasSecurityHeaders = (headers: Map<string, string>): boolean =>
    headers.get('x-content-type-options') === 'nosniff' &&
    headers.get('content-security-policy')?.includes("default-src 'self'") === true &&
    headers.get('x-frame-options') === 'SAMEORIGIN';

  it.each(['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'])(
    '%s is answered with a problem that has an id, and with the headers of all answers',
    async (method) => {
      for (const target of UNKNOWN) {
        const reply = await ask(method, target, ['x-request-id: request-4711']);
        expect({ target, status: reply.status, faults: problemFaults(reply) }).toEqual({
          target,
          status: 404,
          faults: [],
        });
        expect({ target, id: reply.headers.get('x-request-id') }).toEqual({ target, id: 'request-4711' });
        expect(JSON.parse(reply.body)).toMatchObject({ code: 'ROUTE.NOT_FOUND', request_id: 'request-4711' });
        expect({ target, isSafe: hasSecurityHeaders(reply.headers) }).toEqual({ target, isSafe: true });
        expect(reply.headers.has('set-cookie')).toBe(false);
      }
    },
  );

  it('HEAD says the same without a body', async () => {
    for (const target of UNKNOWN) {
      const { status, headers, body } = await ask('HEAD', target);
      expect({ target, status, body }).toEqual({ target, status: 404, body: '' });
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(headers.get('x-request-id')).toMatch(/^[\w.-]{8,100}$/);
    }
  });

  it('the pages can be read, and nothing else can be done with them', async () => {
    for (const target of PAGES) {
      const page = await ask('GET', target);
      expect({ target, status: page.status, hasId: page.headers.has('x-request-id') }).toEqual({
        target,
        status: 200,
        hasId: true,
      });
      const head = await ask('HEAD', target);
      expect([head.status, head.body]).toEqual([200, '']);
      expect(head.headers.get('content-length')).toBe(page.headers.get('content-length'));
      expect(head.headers.get('content-security-policy')).toBe(page.headers.get('content-security-policy'));
      for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
        const reply = await ask(method, target);
        expect({ method, target, status: reply.status, faults: problemFaults(reply) }).toEqual({
          method,
          target,
          status: 404,
          faults: [],
        });
      }
    }
  });

  it('a preflight for any of them is answered, and allows the websites of the settings only', async () => {
    const preflight = (target: string, origin: string): ReturnType<typeof ask> =>
      ask('OPTIONS', target, [`origin: ${origin}`, 'access-control-request-method: GET']);
    for (const target of ['/', '/widget.js', '/nope', '*']) {
      const ours = await preflight(target, 'https://shop.example.com');
      expect([ours.status, ours.headers.get('access-control-allow-origin')]).toEqual([204, 'https://shop.example.com']);
      const other = await preflight(target, 'https://evil.example');
      expect(other.headers.get('access-control-allow-origin')).not.toBe('https://evil.example');
    }
  });

  it('what is no path counts against the limit of its network like everything else', async () => {
    const answers: number[] = [];
    for (let count = 0; count < 900 && !answers.includes(429); count += 1) {
      answers.push((await ask('GET', '*health/live')).status);
    }
    expect(answers.at(-1)).toBe(429);
  });
});
