import { request as rawRequest } from 'node:http';
import { Client, type Problem } from '../support/client';
import { exampleBody, type Operation, operationsOf } from '../support/openapi';
import { type Parley, startParley } from '../support/parley';
import { eventually } from '../support/process';

const HEADERS = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'x-ratelimit-policy'];

/** Monitoring must get an answer while somebody floods us. */
const EXEMPT = ['/health', '/health/live', '/health/ready', '/metrics', '/api/v1/health'];

const pathOf = ({ path }: Operation): string => path.replace(/\{\w+\}/g, '1');

/** Asks as somebody whose requests a proxy of ours passes on. */
function from(address: string, url: string, path: string, method = 'GET'): Promise<Response> {
  return fetch(`${url}${path}`, { method, headers: { 'x-forwarded-for': address } });
}

const expectRefusal = (headers: Headers, policy: string, limit: number): void => {
  const wait = Number(headers.get('retry-after'));
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(65);
  expect(headers.get('x-ratelimit-policy')).toBe(policy);
  expect(headers.get('x-ratelimit-limit')).toBe(String(limit));
  expect(headers.get('x-ratelimit-remaining')).toBe('0');
  expect(headers.get('x-ratelimit-reset')).toBe(String(wait));
};

describe('rate limits on all routes', () => {
  let parley: Parley;
  let operations: Operation[];

  beforeAll(async () => {
    parley = await startParley({
      TRUSTED_PROXIES: '127.0.0.1',
      RATE_LIMIT_AUTH_PER_IP: '4',
      RATE_LIMIT_SEND_PER_USER: '3',
      RATE_LIMIT_OTHER_PER_USER: '5',
    });
    operations = await operationsOf(parley.url);
  });
  afterAll(async () => parley.stop());

  it.each([['without a login'], ['with a login']])('every answer says what is left, %s', async (how) => {
    const user = await Client.register(parley.url);
    const without: string[] = [];
    for (const operation of operations) {
      const response = await fetch(`${parley.url}${pathOf(operation)}`, {
        method: operation.method,
        headers: {
          ...(how === 'with a login' ? { authorization: `Bearer ${user.token}` } : {}),
          ...(operation.body === null ? {} : { 'content-type': 'application/json' }),
        },
        body: operation.body === null ? undefined : JSON.stringify(exampleBody(operation.body)),
      });
      await response.arrayBuffer();
      const isWhole = HEADERS.every((name) => response.headers.has(name));
      if (isWhole === EXEMPT.includes(operation.path)) without.push(`${operation.method} ${operation.path}`);
    }
    expect(without).toEqual([]);
  });

  it.each([
    ['a path that is not there', '/nowhere', 'GET'],
    ['the documentation', '/docs', 'GET'],
    ['a file of the documentation', '/docs/openapi.json', 'GET'],
    ['the queue page', '/admin/queues', 'GET'],
    ['the sign-in page', '/admin/sign-in', 'GET'],
    ['a path that cannot be decoded', '/chat/%zz', 'GET'],
    ['a method that no route has', '/chat/stats', 'DELETE'],
    ['a stranger’s upload', '/chat/uploads', 'POST'],
    ['a stranger’s event stream', '/chat/turns/1/events', 'GET'],
  ])('%s counts for the network', async (_what, path, method) => {
    const { headers } = await fetch(`${parley.url}${path}`, { method, redirect: 'manual' });
    expect(HEADERS.filter((name) => !headers.has(name))).toEqual([]);
  });

  it('messages count per user: one too many is refused, and nobody else is', async () => {
    const [user, other] = await Promise.all([0, 1].map(async (index) => signUp(`198.51.100.${index}`)));
    const conversation = await user!.conversation(await user!.persona());
    for (let index = 0; index < 2; index += 1) {
      const { headers } = await user!.send(conversation, 'hello', { prefer: 'respond-async' });
      expect(headers.get('x-ratelimit-policy')).toBe('send');
      expect(headers.get('x-ratelimit-remaining')).toBe(String(2 - index));
    }
    // The copy at the model API makes requests there, as a message does.
    await user!.request('POST', `/chat/conversations/${conversation}/openai`);
    const refused = await user!.request<Problem>('POST', `/chat/conversations/${conversation}/send`, { content: 'x' });
    expect(refused).toMatchObject({ status: 429, body: { code: 'REQUEST.TOO_MANY' } });
    expectRefusal(refused.headers, 'send', 3);
    expect((await other!.request('POST', '/chat/conversations/1/openai')).status).not.toBe(429);
  });

  it('everything else counts per user, wherever they come from', async () => {
    const user = await signUp('198.51.100.20');
    const statuses: number[] = [];
    for (let index = 0; index < 6; index += 1) {
      const { status } = await user.request('GET', '/auth/me', undefined, { 'x-forwarded-for': `192.0.2.${index}` });
      statuses.push(status);
    }
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    expectRefusal((await user.request('GET', '/workspaces')).headers, 'user', 5);
  });

  it('log-ins count per network: an IPv6 customer is a whole /64', async () => {
    const login = (address: string): Promise<Response> => from(address, parley.url, '/auth/login', 'POST');
    for (let index = 0; index < 4; index += 1) expect((await login(`2001:db8:0:1::${index}`)).status).not.toBe(429);
    const refused = await login('2001:db8:0:1:ffff::1');
    expect(refused.status).toBe(429);
    expectRefusal(refused.headers, 'auth', 4);
    expect((await login('2001:db8:0:2::1')).status).not.toBe(429);
  });

  async function signUp(address: string): Promise<Client> {
    const client = new Client(() => parley.url);
    const { body } = await client.request<{ access_token: string }>(
      'POST',
      '/auth/register',
      { username: `${address}@example.com`, password: 'password123' },
      { 'x-forwarded-for': address },
    );
    client.token = body.access_token;
    return client;
  }
});

describe('the limit per network', () => {
  const LIMIT = 12;
  let parley: Parley;

  beforeAll(async () => {
    parley = await startParley({ TRUSTED_PROXIES: '127.0.0.1', RATE_LIMIT_PER_IP: String(LIMIT) });
  });
  afterAll(async () => parley.stop());

  it.each([
    ['routes that are not there', '192.0.2.1', '/nowhere'],
    ['routes that need a login', '192.0.2.2', '/chat/stats'],
    ['the documentation', '192.0.2.3', '/docs/openapi.json'],
    ['public routes', '192.0.2.5', '/chat/health'],
    ['the queue page', '192.0.2.6', '/admin/queues/api/queues'],
    ['uploads', '192.0.2.7', '/chat/uploads/upl_aaaaaaaaaaaaaaaaaaaaaaaa'],
  ])('%s: the one beyond it is refused, other networks are not', async (_what, address, path) => {
    for (let index = 0; index < LIMIT; index += 1) {
      expect((await from(address, parley.url, path)).status).not.toBe(429);
    }
    const refused = await from(address, parley.url, path);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(await refused.json()).toMatchObject({ code: 'REQUEST.TOO_MANY', status: 429 });
    expectRefusal(refused.headers, 'network', LIMIT);
    expect((await from(`${address}0`, parley.url, path)).status).not.toBe(429);
  });

  it('counts all users of the network together, and health answers all the same', async () => {
    const address = '203.0.113.9';
    for (let index = 0; index < LIMIT; index += 1) await from(address, parley.url, '/auth/me');
    expect((await from(address, parley.url, '/health/live')).status).toBe(200);
    expect((await from(address, parley.url, '/health/ready')).status).toBe(200);
    const registered = await new Client(() => parley.url).request<Problem>(
      'POST',
      '/auth/register',
      { username: 'late@example.com', password: 'password123' },
      { 'x-forwarded-for': address },
    );
    expect(registered).toMatchObject({ status: 429, body: { code: 'REQUEST.TOO_MANY' } });
  });

  it('an address that a stranger makes up counts only when a proxy of ours said it', async () => {
    const direct = await startParley({ RATE_LIMIT_PER_IP: '2' });
    try {
      const ask = async (index: number): Promise<number> =>
        (await from(`192.0.2.${index}`, direct.url, '/chat/stats')).status;
      expect([await ask(1), await ask(2), await ask(3)]).toEqual([401, 401, 429]);
      await eventually(() => direct.log().includes('TRUSTED_PROXIES') || undefined, 'the warning');
    } finally {
      await direct.stop();
    }
  });

  it('paths that cannot be decoded are refused beyond it, too', async () => {
    const statuses: number[] = [];
    for (let index = 0; index <= LIMIT; index += 1) statuses.push((await fetch(`${parley.url}/%zz`)).status);
    expect(statuses).toEqual([...new Array<number>(LIMIT).fill(400), 429]);
  });

  it('refuses a large body without reading it', async () => {
    const address = '203.0.113.10';
    for (let index = 0; index < LIMIT; index += 1) await from(address, parley.url, '/auth/me');
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const request = rawRequest(`${parley.url}/chat/uploads`, {
        method: 'POST',
        headers: { 'x-forwarded-for': address, 'content-type': 'image/png', 'content-length': '9000000' },
      });
      request.once('response', (response) => (response.resume(), resolve(response.statusCode)));
      request.once('error', reject);
      request.write('x');
    });
    expect(status).toBe(429);
  });
});
