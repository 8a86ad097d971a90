import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runMigrations as runQueueMigrations } from 'bullmq';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import type { QueueConfig } from '../config';
import { QUEUE_SCHEMA } from '../queue/queue-options';
import { applicationName } from './application-name';
import { MIGRATION_CONNECTIONS } from './connection-budget';
import { connectionOptions } from './connection-options';

/** Any fixed number; it names the lock that lets one migrator run at a time. */
const MIGRATION_LOCK = 7_246_001;
/** How often a migrator that has to wait looks whether it is its turn. */
const LOCK_POLL_MS = 200;

/** Where the compiled migrations are: `dist/migrations` beside `dist/libs`. */
const MIGRATIONS_DIR = join(__dirname, '../../../../migrations');

/**
 * Brings the schema up to date; of several processes that start at once one does the work and the others wait. Returns what it applied.
 * @param queue the queue may live in a PostgreSQL of its own, which then gets the queue's tables
 */
export async function runMigrations(databaseUrl: string, queue?: QueueConfig): Promise<string[]> {
  const lock = new Client({ connectionString: databaseUrl, application_name: applicationName('migrate') });
  await lock.connect();
  try {
    await takeLock(lock);
    const applied = await applyMigrations(databaseUrl);
    await runQueueMigrations(lock, QUEUE_SCHEMA);
    if (queue?.backend === 'postgres' && queue.url !== databaseUrl) await migrateQueueDatabase(queue.url);
    return applied;
  } finally {
    await lock.end();
  }
}

/**
 * Asks again and again instead of waiting in PostgreSQL: a statement that waits has a snapshot, and the migrator that has the lock would wait for
 * its end in every `CREATE INDEX CONCURRENTLY`, both for ever.
 */
async function takeLock(client: Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      MIGRATION_LOCK,
    ]);
    if (rows[0]?.taken === true) return;
    await pause(LOCK_POLL_MS);
  }
}

async function migrateQueueDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url, application_name: applicationName('migrate') });
  await client.connect();
  try {
    await runQueueMigrations(client, QUEUE_SCHEMA);
  } finally {
    await client.end();
  }
}

async function applyMigrations(databaseUrl: string): Promise<string[]> {
  const dataSource = new DataSource({
    ...connectionOptions(databaseUrl, MIGRATION_CONNECTIONS - 1),
    applicationName: applicationName('migrate'),
    // Migrations may rewrite tables: the request-path timeout does not apply.
    extra: { statement_timeout: 0 },
    migrations: migrationFiles(),
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
  });
  await dataSource.initialize();
  try {
    return (await dataSource.runMigrations()).map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}

function migrationFiles(): string[] {
  return readdirSync(MIGRATIONS_DIR)
    .filter((name) => /^\d+-.*\.(js|ts)$/.test(name) && !name.endsWith('.d.ts'))
    .sort()
    .map((name) => join(MIGRATIONS_DIR, name));
}
