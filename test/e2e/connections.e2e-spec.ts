import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres } from '@app/platform';
import { Client as Postgres } from 'pg';
import { Client, type Problem } from '../support/client';
import { FakeOpenAI } from '../support/fake-openai';
import { eventually, ParleyProcess } from '../support/process';

/** docs/operations.md, "Connections". */
const API_MAX = 13;
const WORKER_MAX = 18;
const SAMPLE_MS = 20;
const MANY = 100_000;
/** A job whose end could not be written is locked for 30 s; BullMQ looks every 30 s, marks it at one look and takes it back at the next. */
const UNSTUCK_WITHIN_MS = 120_000;

interface Sample {
  tag: string;
  works: boolean;
  connections: number;
}

/** A PostgreSQL with its default of 100 connections, that nobody else uses. */
describe('connections to PostgreSQL', () => {
  const directory = mkdtempSync(join(tmpdir(), 'parley-connections-'));
  chmodSync(directory, 0o711);
  const postgres = new EmbeddedPostgres({ dataDir: directory, settings: { fsync: 'off' } });
  const upstream = new FakeOpenAI();
  const processes: ParleyProcess[] = [];
  let apis: ParleyProcess[];
  let url: string;
  let env: NodeJS.ProcessEnv;
  let user: Client;

  const start = async (app: 'api' | 'worker'): Promise<ParleyProcess> => {
    const started = await ParleyProcess.start(app, env);
    processes.push(started);
    return started;
  };
  /** The last words of processes that have ended. */
  const dead = (): string[] =>
    processes
      .filter(({ child }) => child.exitCode !== null || child.signalCode !== null)
      .map(({ app, child, log }) => `${app} ${child.exitCode ?? child.signalCode}: ${log.slice(-3000)}`);
  const logs = (): string => processes.map(({ log }) => log).join('');

  beforeAll(async () => {
    ({ url } = await postgres.start());
    env = {
      DATABASE_URL: url,
      SECRET_KEY: 'test-secret-test-secret-test-secret-test',
      ENCRYPTION_KEYS: `test:${'ab'.repeat(32)}`,
      OPENAI_BASE_URL: await upstream.start(),
      RATE_LIMIT_PER_IP: String(MANY),
      RATE_LIMIT_AUTH_PER_IP: String(MANY),
      RATE_LIMIT_SEND_PER_USER: String(MANY),
      RATE_LIMIT_OTHER_PER_USER: String(MANY),
    };
    // The first one migrates; the others all at once, as an orchestrator starts them.
    apis = [await start('api')];
    await Promise.all([start('worker'), start('worker'), start('worker'), start('api'), start('api')]);
    apis = processes.filter(({ app }) => app === 'api');
    user = await Client.register(apis[0]!.url, 'admin@example.com');
  }, 180_000);
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.kill()));
    await postgres.stop();
    await upstream.stop();
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }, 120_000);

  const at = (index: number): Client =>
    Object.assign(new Client(() => apis[index % apis.length]!.url), { token: user.token });

  /** How many connections each process has, again and again while `work` runs: the most of each. */
  async function peaksDuring(work: () => Promise<void>): Promise<{ total: number; perProcess: Sample[] }> {
    const sampler = new Postgres({ connectionString: url, application_name: 'sampler' });
    await sampler.connect();
    const most = new Map<string, Sample>();
    let total = 0;
    let isDone = false;
    const sampling = (async () => {
      while (!isDone) {
        const { rows } = await sampler.query<Sample>(
          `SELECT right(application_name, 8) AS tag, bool_or(application_name LIKE 'parley:w:%') AS works, count(*)::int AS connections
           FROM pg_stat_activity WHERE application_name LIKE 'parley-%' OR application_name LIKE 'parley:%' GROUP BY 1`,
        );
        total = Math.max(
          total,
          rows.reduce((sum, { connections }) => sum + connections, 0),
        );
        for (const row of rows) {
          if (row.connections > (most.get(row.tag)?.connections ?? 0)) most.set(row.tag, row);
        }
        await new Promise((next) => setTimeout(next, SAMPLE_MS));
      }
    })();
    try {
      await work();
    } finally {
      isDone = true;
      await sampling;
      await sampler.end();
    }
    return { total, perProcess: [...most.values()] };
  }

  it('of 3 api and 3 worker processes under load stay below the documented most, and none is refused', async () => {
    const conversations = await Promise.all(Array.from({ length: 60 }, (_, index) => at(index).conversation(1)));
    const { total, perProcess } = await peaksDuring(async () => {
      await Promise.all(
        conversations.map(async (conversation, index) => {
          for (let round = 0; round < 4; round += 1) {
            expect((await at(index + round).send(conversation, `hello ${round}`)).status).toBe(200);
          }
        }),
      );
      const reads = await Promise.all(conversations.flatMap((id) => [0, 1, 2].map((index) => at(index).messages(id))));
      expect(reads.every((messages) => messages.length === 8)).toBe(true);
    });
    const workers = perProcess.filter(({ works }) => works);
    expect([workers.length, perProcess.length]).toEqual([3, 6]);
    for (const { works, connections } of perProcess) {
      expect(connections).toBeLessThanOrEqual(works ? WORKER_MAX : API_MAX);
    }
    expect(total).toBeLessThanOrEqual(3 * API_MAX + 3 * WORKER_MAX);
    // Else this would say nothing: at least one pool was full.
    expect(Math.max(...perProcess.map(({ connections }) => connections))).toBeGreaterThanOrEqual(10);
    expect(logs()).not.toContain('can run out of connections');
  }, 240_000);

  it('when all are taken by others: requests get 503 and Retry-After, and everything recovers by itself', async () => {
    const conversation = await user.conversation(1);
    const hog = new ConnectionHog(url);
    try {
      await hog.takeAll();
      const refused = await eventually(async () => {
        const answers = await Promise.all([0, 1, 2].map((index) => at(index).request<Problem>('GET', '/personas')));
        return answers.every(({ status }) => status === 503) ? answers : undefined;
      }, 'a 503 of every api');
      for (const { body, headers } of refused) {
        expect(body.code).toBe('DATABASE.BUSY');
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      }
      const send = await user.request<Problem>('POST', `/chat/conversations/${conversation}/send`, { content: 'no' });
      expect([send.status, send.body.code]).toEqual([503, 'DATABASE.BUSY']);
    } finally {
      await hog.release();
    }
    await eventually(async () => {
      expect(dead()).toEqual([]);
      const answers = await Promise.all(processes.map((process) => fetch(`${process.url}/health/ready`)));
      return answers.every(({ status }) => status === 200) ? true : undefined;
    }, 'all six to be ready');
    const answers = await Promise.all(
      [0, 1, 2].map(async (index) => at(index).send(await user.conversation(1), 'again')),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    // What was answered with 503 was not kept.
    expect(await user.messages(conversation)).toEqual([]);
    const isWorkedOff = async (): Promise<true | undefined> => {
      const { body } = await user.request<{ queues: { counts: Record<string, number> }[] }>(
        'GET',
        '/admin/queues/api/queues',
      );
      const counts = body.queues[0]!.counts;
      return counts.waiting === 0 && counts.active === 0 ? true : undefined;
    };
    await eventually(isWorkedOff, 'the queue to be worked off', UNSTUCK_WITHIN_MS);
    expect(dead()).toEqual([]);
  }, 300_000);

  it('a process that makes it too many says so at its start', async () => {
    const late = await start('worker');
    await eventually(
      () => (late.log.includes('(3 api × 13, 4 worker × 18)') ? true : undefined),
      `a warning in:\n${late.log}`,
    );
  }, 120_000);
});

/** Takes every connection that there is, those of Parley too. */
class ConnectionHog {
  private readonly clients: Postgres[] = [];

  constructor(private readonly url: string) {}

  /** Returns when there is none left, for nobody. */
  async takeAll(): Promise<void> {
    const PARLEY = `FROM pg_stat_activity WHERE application_name ~ '^parley[-:]'`;
    await this.takeFree();
    const areAllOurs = async (): Promise<boolean> =>
      (await this.clients[0]!.query(`SELECT pid ${PARLEY}`)).rows.length === 0;
    // Ended connections are opened again by both sides, so it takes a few rounds until all are ours. One that ends late leaves room after the last was taken.
    await eventually(async () => {
      await this.clients[0]!.query(`SELECT pg_terminate_backend(pid) ${PARLEY}`);
      await this.takeFree();
      if (!(await areAllOurs())) return undefined;
      const before = this.clients.length;
      await this.takeFree();
      return before === this.clients.length && (await areAllOurs()) ? true : undefined;
    }, 'all connections to be taken');
  }

  async release(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.end()));
  }

  private async takeFree(): Promise<void> {
    for (;;) {
      const client = new Postgres({ connectionString: this.url, application_name: 'hog' });
      client.on('error', () => undefined);
      try {
        await client.connect();
      } catch (error) {
        if ((error as { code?: string }).code !== '53300') throw error;
        return;
      }
      this.clients.push(client);
    }
  }
}
