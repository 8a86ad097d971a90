import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { ROOT } from './processes';

interface EmbeddedPostgres {
  start(): Promise<{ url: string }>;
  stop(): Promise<void>;
}

interface Built {
  EmbeddedPostgres: new (options: { dataDir: string }) => EmbeddedPostgres;
  runMigrations(url: string): Promise<void>;
}

export interface BenchDatabase {
  version: string;
  /** A new database; with Parley's tables when `migrated`. */
  create(name: string, migrated: boolean): Promise<string>;
  stop(): Promise<void>;
}

/** The PostgreSQL that `npm start` uses, with its settings, on a data directory that is thrown away. */
export async function startDatabase(): Promise<BenchDatabase> {
  const load = createRequire(join(ROOT, 'package.json'));
  const dist = resolve(ROOT, 'dist/libs/platform/src');
  const { EmbeddedPostgres } = load(join(dist, 'embedded-postgres')) as Pick<Built, 'EmbeddedPostgres'>;
  const { runMigrations } = load(join(dist, 'database/run-migrations')) as Pick<Built, 'runMigrations'>;
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-bench-'));
  chmodSync(dataDir, 0o711);
  const postgres = new EmbeddedPostgres({ dataDir });
  const { url } = await postgres.start();
  const [{ server_version }] = await run<{ server_version: string }>(url, 'SHOW server_version');
  return {
    version: server_version,
    create: async (name, migrated) => {
      await run(url, `CREATE DATABASE ${name}`);
      const own = new URL(url);
      own.pathname = `/${name}`;
      if (migrated) await runMigrations(own.href);
      return own.href;
    },
    stop: async () => {
      await postgres.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs statements on a connection of their own. */
export async function run<T extends object>(url: string, sql: string): Promise<[T, ...T[]]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows as [T, ...T[]];
  } finally {
    await client.end();
  }
}
