import { createPostgresBackend, Queue, withBackend } from 'bullmq';
import { type Backend, BACKENDS, startBackend } from '../support/backends';
import { Browser } from '../support/browser-form';
import { Client, type Problem } from '../support/client';
import { type Parley, startParley } from '../support/parley';
import { eventually, untilLogged } from '../support/process';

const PASSWORD = 'password123';
const ADMIN = 'admin@example.com';
const WRITTEN = 'what Alice wrote';

/** Everything that bull-board 9.10 would do to a queue, by its own list of routes. */
const CHANGES = [
  ['PUT', 'queues/pause'],
  ['PUT', 'queues/resume'],
  ['POST', 'queues/parley/add'],
  ['PUT', 'queues/parley/retry/failed'],
  ['PUT', 'queues/parley/promote'],
  ['PUT', 'queues/parley/clean/failed'],
  ['PUT', 'queues/parley/pause'],
  ['PUT', 'queues/parley/resume'],
  ['PUT', 'queues/parley/concurrency'],
  ['PUT', 'queues/parley/rate-limit'],
  ['PUT', 'queues/parley/rate-limit/release'],
  ['PUT', 'queues/parley/empty'],
  ['PUT', 'queues/parley/obliterate'],
  ['PUT', 'queues/parley/job-schedulers/logins.clean-up/remove'],
  ['PATCH', 'queues/parley/job-schedulers/logins.clean-up'],
  ['PUT', 'queues/parley/job-schedulers/logins.clean-up/run'],
  ['PUT', 'queues/parley/1/retry'],
  ['PUT', 'queues/parley/1/clean'],
  ['PUT', 'queues/parley/1/promote'],
  ['PATCH', 'queues/parley/1/update-data'],
  ['PATCH', 'queues/parley/1/delay'],
  ['PATCH', 'queues/parley/1/priority'],
  ['PUT', 'queues/parley/1/remove-unprocessed-children'],
] as const;

interface BoardJob {
  id: string;
  name: string;
  data: Record<string, unknown>;
  failedReason?: string;
  stacktrace: string[];
}

interface Board {
  queues: { name: string; readOnlyMode: boolean; counts: Record<string, number>; jobs: BoardJob[] }[];
}

const BOARD = '/admin/queues/api/queues?activeQueue=parley&status=latest&page=1&jobsPerPage=50';

/** Jobs that come by the clock. */
const SCHEDULED = [
  'analytics.roll-up',
  'budgets.upkeep',
  'cached-answers.clean-up',
  'channels.upkeep',
  'encryption.rotate',
  'escalations.upkeep',
  'logins.clean-up',
  'model-calls.close-abandoned',
  'models.check',
  'openai-conversations.forget-inactive',
  'openai-conversations.remove',
  'prices.re-rate',
  'sessions.expire',
  'turn-streams.clean-up',
  'uploads.clean-up',
  'webhooks.deliver',
];

describe.each(BACKENDS)('the queue page with the queue in %s', (name) => {
  let backend: Backend;
  let parley: Parley;
  let admin: Client;
  let user: Client;

  beforeAll(async () => {
    backend = await startBackend(name);
    parley = await startParley(backend.env);
    admin = await Client.register(parley.url, ADMIN);
    user = await Client.register(parley.url, 'bob@example.com');
  });
  afterAll(async () => {
    await parley.stop();
    await backend.stop();
  });

  const signIn = async (username = ADMIN, password = PASSWORD): Promise<Browser> => {
    const browser = new Browser(parley.url);
    await browser.submit('/admin/sign-in', { username, password });
    return browser;
  };

  it('an admin signs in and sees the queue, its counts and its scheduled jobs', async () => {
    const browser = new Browser(parley.url);
    const answer = await browser.submit('/admin/sign-in', { username: ADMIN, password: PASSWORD });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/queues']);
    const page = await browser.get('/admin/queues');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const board = await eventually(async () => {
      const found = JSON.parse((await browser.get(BOARD)).text) as Board;
      // While one of them is at work, its next time is planned already.
      const names = found.queues[0]?.jobs.map((job) => job.name).sort();
      return names?.join() === SCHEDULED.join() ? found.queues[0] : undefined;
    }, 'all schedules');
    expect(board).toMatchObject({ name: 'parley', readOnlyMode: true, counts: { delayed: SCHEDULED.length } });
  });

  it('every file that the page names is there, and nothing comes from elsewhere', async () => {
    const browser = await signIn();
    const { text, headers } = await browser.get('/admin/queues/queue/parley?status=failed');
    expect(text).not.toMatch(/(href|src)="https?:/);
    const files = [...text.matchAll(/(?:href|src)="(static\/[^"]+)"/g)].map((match) => match[1]!);
    expect(files.length).toBeGreaterThan(4);
    for (const file of files) {
      const answer = await browser.get(`/admin/queues/${file}`);
      expect([file, answer.status, answer.text.length > 100]).toEqual([file, 200, true]);
    }
    expect(headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    '/admin/queues/static/../../../package.json',
    '/admin/queues/%2e%2e/package.json',
    '/admin/queues/index.ejs',
  ])('gives nothing out at %s', async (path) => {
    const browser = await signIn();
    expect((await browser.get(path)).status).toBe(404);
  });

  it.each([
    'queues/parley/no-such-job',
    `queues/parley/${'9'.repeat(30)}`,
    'queues/no-such-queue/1',
    'queues/parley/1/flow',
    'nothing',
  ])('says 404 for /api/%s', async (path) => {
    const { status } = await admin.request('GET', `/admin/queues/api/${path}`);
    expect(status).toBe(404);
  });

  it.each([
    'queues/parley/%00',
    'queues/parley/%zz',
    'queues?page=%00',
    'queues?page=-1&activeQueue=parley',
    'queues?page=1&page=2',
  ])('refuses the nonsense /api/%s without a 500', async (path) => {
    const { status } = await admin.request('GET', `/admin/queues/api/${path}`);
    expect([200, 400, 404, 422]).toContain(status);
  });

  it('an access token of an admin is enough, and one of somebody else gets 403', async () => {
    const allowed = await admin.request<Board>('GET', BOARD);
    expect([allowed.status, allowed.body.queues[0]?.name]).toEqual([200, 'parley']);
    const refused = await user.request<Problem>('GET', BOARD);
    expect([refused.status, refused.body.code]).toEqual([403, 'AUTH.ADMINS_ONLY']);
  });

  it('a program without a login gets 401 at every path, and a browser the way to the sign-in', async () => {
    const stranger = new Client(() => parley.url);
    const browser = new Browser(parley.url);
    for (const path of [
      '/admin/queues',
      '/admin/queues/',
      BOARD,
      '/admin/queues/static/images/logo.svg',
      '/admin/queues/nothing',
    ]) {
      const answer = await stranger.request<Problem>('GET', path);
      expect([path, answer.status, answer.body.code]).toEqual([path, 401, 'AUTH.REQUIRED']);
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
      const page = await browser.get(path);
      expect([path, page.status, page.headers.get('location')]).toEqual([path, 303, '/admin/sign-in']);
    }
  });

  it.each(CHANGES)('refuses %s /api/%s, also to an admin', async (method, path) => {
    const browser = await signIn();
    for (const headers of [{ cookie: browser.cookie }, { authorization: `Bearer ${admin.token}` }] as Record<
      string,
      string
    >[]) {
      const answer = await new Client(() => parley.url).request<Problem>(
        method,
        `/admin/queues/api/${path}`,
        {},
        headers,
      );
      expect([answer.status, answer.body.code, answer.headers.get('allow')]).toEqual([
        405,
        'QUEUE.READ_ONLY',
        'GET, HEAD',
      ]);
    }
    const stranger = await new Client(() => parley.url).request(method, `/admin/queues/api/${path}`, {});
    expect(stranger.status).toBe(401);
  });

  it('answers HEAD like GET, without a body', async () => {
    const browser = await signIn();
    const answer = await browser.fetch('/admin/queues', { method: 'HEAD' });
    expect([answer.status, answer.text]).toEqual([200, '']);
  });

  it('a failed job tells what kind of fault it was, and nothing that somebody wrote', async () => {
    const queue =
      backend.redis !== undefined
        ? new Queue('parley', { prefix: '{parley}', connection: { url: backend.redis.url } })
        : new (withBackend(createPostgresBackend).Queue)('parley', {
            connection: { connectionString: parley.database.url, schema: 'bullmq' },
          });
    // PostgreSQL's answer quotes the value that is no number.
    const job = await queue.add('conversation.wake', { conversationId: WRITTEN }, { removeOnFail: 10 });
    await queue.close();
    const text = await eventually(async () => {
      const answer = await admin.request<Board>('GET', `${BOARD.replace('latest', 'failed')}`);
      return answer.body.queues[0]?.jobs.some(({ id }) => id === job.id) ? JSON.stringify(answer.body) : undefined;
    }, 'the failed job');
    expect(text).not.toContain(WRITTEN);
    expect(text).not.toContain('INSERT INTO');
    expect(text).toContain('DatabaseError 22P02');
    await untilLogged(() => parley.worker.log, `"job_id":"${job.id}"`);
    const one = await admin.request<{ job: BoardJob; status: string }>(
      'GET',
      `/admin/queues/api/queues/parley/${job.id}`,
    );
    expect(one.body.status).toBe('failed');
    expect(one.body.job.data).toEqual({ conversationId: '(not shown)' });
    expect(JSON.stringify(one.body)).not.toContain(WRITTEN);
  });

  it('messages are answered while somebody watches', async () => {
    const conversation = await admin.conversation();
    const [sent, watched] = await Promise.all([
      admin.send(conversation, 'hello'),
      Promise.all(Array.from({ length: 20 }, () => admin.request<Board>('GET', BOARD))),
    ]);
    expect(sent.status).toBe(200);
    expect(watched.every(({ status }) => status === 200)).toBe(true);
  });

  if (name === 'redis') {
    it('says 503 with a time to wait while Redis is gone, and goes on when it is back', async () => {
      await backend.redis!.stop();
      const answer = await eventually(async () => {
        const found = await admin.request<Problem>('GET', BOARD);
        return found.status === 200 ? undefined : found;
      }, 'Redis to be missed');
      expect([answer.status, answer.body.code]).toEqual([503, 'QUEUE.UNAVAILABLE']);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      await backend.redis!.start();
      await eventually(
        async () => ((await admin.request('GET', BOARD)).status === 200 ? true : undefined),
        'the queue',
      );
    });
  }
});
