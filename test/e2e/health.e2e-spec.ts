import { Client, type Problem, type SendAnswer } from '../support/client';
import { FakeOpenAI } from '../support/fake-openai';
import { type Parley, startParley } from '../support/parley';
import { freePort, untilLogged } from '../support/process';

interface ChatHealth {
  status: string;
  openai_api: string;
  provider: string;
  error_code: string | null;
}

const get = async <T>(url: string): Promise<{ status: number; body: T }> => {
  const response = await fetch(url);
  return { status: response.status, body: (await response.json()) as T };
};

describe('health, limits and logs', () => {
  const upstream = new FakeOpenAI({ keys: ['sk-right-key-0123456789'] });
  let parley: Parley;

  beforeAll(async () => {
    parley = await startParley({
      OPENAI_BASE_URL: await upstream.start(),
      OPENAI_API_KEY: 'sk-right-key-0123456789',
      RATE_LIMIT_AUTH_PER_IP: '5',
      RATE_LIMIT_SEND_PER_USER: '2',
      LOG_LEVEL: 'debug',
    });
  });
  afterAll(async () => {
    await parley.stop();
    await upstream.stop();
  });

  it('says connected after asking the upstream, and asks it once for many questions', async () => {
    // The worker reads the list of models when it starts.
    await upstream.log.waitFor((entries) => entries.length === 1 && entries[0]!.outcome === 'completed');
    upstream.log.clear();
    for (let round = 0; round < 5; round += 1) {
      const { status, body } = await get<ChatHealth>(`${parley.url}/chat/health`);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        status: 'healthy',
        openai_api: 'connected',
        provider: 'compatible',
        error_code: null,
      });
    }
    expect(upstream.log.entries.map((entry) => entry.path)).toEqual(['/v1/models']);
  });

  it.each([
    [
      'a wrong key',
      'UPSTREAM.UNAUTHORIZED',
      () => Promise.resolve({ OPENAI_BASE_URL: upstream.baseUrl, OPENAI_API_KEY: 'sk-wrong-key-9876543210' }),
    ],
    [
      'nobody there',
      'UPSTREAM.UNREACHABLE',
      async () => ({ OPENAI_BASE_URL: `http://127.0.0.1:${await freePort()}/v1` }),
    ],
  ])('never says connected with %s', async (_what, code, settings) => {
    const other = await startParley(await settings());
    try {
      const { body } = await get<ChatHealth>(`${other.url}/chat/health`);
      expect(body).toMatchObject({ status: 'unhealthy', openai_api: 'disconnected', error_code: code });
      expect(other.log()).not.toContain('sk-wrong-key-9876543210');
    } finally {
      await other.stop();
    }
  });

  it('api and worker tell load balancers that they are ready, and what they need', async () => {
    for (const url of [parley.url, parley.worker.url]) {
      expect(await get(`${url}/health/live`)).toEqual({ status: 200, body: { status: 'ok' } });
      expect(await get(`${url}/health/ready`)).toEqual({ status: 200, body: { status: 'ok' } });
      const { body } = await get<Record<string, unknown>>(`${url}/health`);
      expect(body).toMatchObject({ status: 'healthy', database: { status: 'up' }, queue: { status: 'up' } });
    }
  });

  it('counts requests per user and per IP, tells what is left, and answers 429 with the time to wait', async () => {
    const user = await Client.register(parley.url, 'limited@example.com');
    const conversation = await user.conversation();
    const first = await user.send(conversation, 'one');
    expect(first.headers.get('x-ratelimit-limit')).toBe('2');
    expect(first.headers.get('x-ratelimit-remaining')).toBe('1');
    await user.send(conversation, 'two');
    const third = await user.request<Problem>('POST', `/chat/conversations/${conversation}/send`, { content: 'three' });
    expect(third).toMatchObject({ status: 429, body: { code: 'REQUEST.TOO_MANY' } });
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await user.messages(conversation)).toHaveLength(4);

    const stranger = new Client(() => parley.url);
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      const { status } = await stranger.request('POST', '/auth/login', {
        username: 'limited@example.com',
        password: 'wrong-password',
      });
      statuses.push(status);
    }
    expect(statuses.at(0)).toBe(401);
    expect(statuses.at(-1)).toBe(429);
  });

  it('joins the lines of one message in both processes by its request id', async () => {
    const admin = new Client(() => parley.url);
    const login = await admin.request('GET', '/health/live', undefined, { 'x-request-id': 'trace-0123456789' });
    expect(login.headers.get('x-request-id')).toBe('trace-0123456789');
    const bad = await admin.request('GET', '/health/live', undefined, { 'x-request-id': 'bad id!' });
    expect(bad.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    await untilLogged(() => parley.worker.log, 'turn completed');
    const lines = parley.worker.log.split('\n').filter((line) => line.includes('turn completed'));
    const { request_id: requestId } = JSON.parse(lines[0]!) as { request_id: string };
    await untilLogged(() => parley.api.log, requestId);
  });

  it('every log line is JSON and none has a secret', async () => {
    const user = new Client(() => parley.url);
    user.token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLXBhcnQ';
    await user.request<SendAnswer>('POST', '/auth/refresh', { refresh_token: 'a-refresh-token-that-nobody-may-see' });
    await user.request('GET', '/auth/me');
    const log = parley.log();
    for (const line of log.split('\n').filter((text) => text.trim() !== '')) {
      expect(() => void JSON.parse(line)).not.toThrow();
    }
    for (const secret of [
      'sk-right-key',
      'c2lnbmF0dXJlLXBhcnQ',
      'a-refresh-token-that',
      'password123',
      'wrong-password',
      'test-secret-test',
    ]) {
      expect(log).not.toContain(secret);
    }
  });
});
