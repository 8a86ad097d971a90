import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client as Postgres } from 'pg';
import { createDatabase, type EmptyDatabase } from '../../support/own-database';
import { FakeOpenAIProcess } from '../../support/fake-openai';
import { eventually } from '../../support/process';
import { check, type Evidence, type Finding, onlyOf, type Queryable, readDatabase } from '../checker';
import type { FleetSize } from './fault-plan';
import { Fleet } from './fleet';
import type { LoadReport } from './load-report';
import type { QueueBackend } from '../../support/backends';
import { type QueueServer, startQueue } from './queue-backend';

export interface SceneOptions {
  backend: QueueBackend;
  size: FleetSize;
  /** Settings on top of those of the suite. */
  env?: NodeJS.ProcessEnv;
  /** No two replies of the upstream are alike, so that it can be told which of several alternatives counted. */
  numbersAnswers?: boolean;
  /** Another database than a new one on the shared PostgreSQL. */
  database?: EmptyDatabase;
}

/** What a scenario demands beyond the invariants; returns what is wrong. */
export type ExtraCheck = (evidence: Evidence) => string[];

/** Conversations, and what the clients in them have done and seen. */
export interface Observed {
  readonly conversationIds: ReadonlySet<number>;
  readonly report: LoadReport;
}

/** Small pools: several fleets share a PostgreSQL of 100 connections. Generous limits: faults are tested here, not rates. */
const SETTINGS = {
  SECRET_KEY: 'fault-suite-secret-fault-suite-secret-fault',
  ENCRYPTION_KEYS: `test:${'ab'.repeat(32)}`,
  LOG_LEVEL: 'warn',
  DATABASE_POOL_SIZE: '4',
  OPENAI_API_KEY: 'sk-fault-suite',
  OPENAI_TIMEOUT: '2500',
  OPENAI_TOTAL_TIMEOUT: '20000',
  OPENAI_MAX_RETRIES: '8',
  SEND_WAIT_MS: '8000',
  TURN_MAX_LOST_ATTEMPTS: '30',
  RATE_LIMIT_PER_IP: '1000000',
  RATE_LIMIT_AUTH_PER_IP: '1000000',
  RATE_LIMIT_SEND_PER_USER: '1000000',
  RATE_LIMIT_OTHER_PER_USER: '1000000',
};

/** Everything of one run: database, queue, upstream, processes. */
export class Scene {
  private constructor(
    readonly database: EmptyDatabase,
    readonly queue: QueueServer,
    readonly upstream: FakeOpenAIProcess,
    readonly fleet: Fleet,
  ) {}

  static async set(options: SceneOptions): Promise<Scene> {
    const database = options.database ?? (await createDatabase());
    const queue = await startQueue(options.backend, database.url);
    const upstream = await FakeOpenAIProcess.start(0, { numbersAnswers: options.numbersAnswers });
    // Slow enough that a fault usually finds an answer on its way.
    await upstream.always({ type: 'reply', firstTokenDelayMs: 60, tokenDelayMs: 25 });
    const env = {
      ...SETTINGS,
      ...queue.env,
      DATABASE_URL: database.url,
      OPENAI_BASE_URL: upstream.baseUrl,
      ...options.env,
    };
    const scene = new Scene(database, queue, upstream, new Fleet(env, options.size));
    try {
      await scene.fleet.start();
    } catch (error) {
      await scene.strike();
      throw error;
    }
    return scene;
  }

  /** Resolves when every turn has an outcome. */
  async untilNoTurnIsOpen(deadlineMs = 90_000): Promise<void> {
    await this.withSql(async (sql) => {
      await eventually(
        async () => {
          const { rows } = await sql.query<{ open: string }>(
            `SELECT count(*) AS open FROM turns WHERE status IN ('pending', 'running')`,
          );
          return Number(rows[0]?.open) === 0 ? true : undefined;
        },
        'no turn is open',
        deadlineMs,
      );
    });
  }

  /** What is known about the conversations of one load. @param sql reads through this connection instead of one of its own */
  async evidence(load: Observed, sql?: Queryable): Promise<Evidence> {
    const rows = sql === undefined ? await this.withSql((own) => readDatabase(own)) : await readDatabase(sql);
    const requests = await this.upstream.requests();
    const { deaths } = this.fleet;
    return onlyOf({ ...rows, requests, clients: load.report, deaths }, load.conversationIds);
  }

  /** Findings of the checker and of the clients, as lines. Keeps the evidence and the logs of a run that has any. */
  async verdict(load: Observed, label: string, more: ExtraCheck = () => []): Promise<string[]> {
    const evidence = await this.evidence(load);
    const { report } = load;
    const lines = [
      ...check(evidence).map(({ rule, text }: Finding) => `${rule}: ${text}`),
      ...more(evidence),
      ...report.wrongAnswers.map((text) => `answer: ${text}`),
      ...report.intrusions.map((text) => `I7: ${text}`),
      ...this.fleet.unexpectedEnds.map((text) => `process: ${text}`),
    ];
    if (lines.length > 0) {
      const folder = join(tmpdir(), `parley-faults-${label}`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'evidence.json'), JSON.stringify(evidence));
      writeFileSync(join(folder, 'processes.log'), this.fleet.log());
      writeFileSync(join(folder, 'findings.txt'), lines.join('\n'));
      lines.push(`Evidence and logs are in ${folder}.`);
    }
    return lines.length <= 25 ? lines : [...lines.slice(0, 20), `… ${lines.length - 21} more`, lines.at(-1)!];
  }

  async withSql<T>(work: (sql: Postgres) => Promise<T>): Promise<T> {
    const sql = new Postgres({ connectionString: this.database.url });
    sql.on('error', () => undefined);
    await sql.connect();
    try {
      return await work(sql);
    } finally {
      await sql.end();
    }
  }

  /** Ends everything and removes the database. */
  async strike(): Promise<void> {
    await this.fleet.stop();
    await this.upstream.stop();
    await this.queue.stop();
    await this.database.drop();
  }
}
