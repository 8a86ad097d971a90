import { randomBytes } from 'node:crypto';
import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { connectionOptions, Database, sqlState } from '@app/platform';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { eventually } from './process';

const LIBS = resolve(__dirname, '../../libs');
const INSUFFICIENT_PRIVILEGE = '42501';

function adminUrl(): string {
  const url = process.env.TEST_POSTGRES_URL;
  if (url === undefined) {
    throw new Error('TEST_POSTGRES_URL is not set: run the tests with `npm test`, which starts PostgreSQL.');
  }
  return url;
}

async function asAdmin(sql: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** A database of its own, with its end. */
export interface EmptyDatabase {
  url: string;
  drop(): Promise<void>;
}

/** A migrated database of its own. */
export const createDatabase = (): Promise<EmptyDatabase> => create('TEMPLATE parley_template');

/** Nothing is in it yet. */
export const createEmptyDatabase = (): Promise<EmptyDatabase> => create('');

async function create(how: string): Promise<EmptyDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdmin(`CREATE DATABASE ${name} ${how}`);
  const url = new URL(adminUrl());
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => dropDatabase(name) };
}

/** PostgreSQL lets nobody but a superuser drop a database by force in which autovacuum is at work; that is over in a moment. */
async function dropDatabase(name: string): Promise<void> {
  await eventually(
    () =>
      asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`).then(
        () => true,
        (error: unknown) => {
          if (sqlState(error) !== INSUFFICIENT_PRIVILEGE) throw error;
          return undefined;
        },
      ),
    `${name} to be dropped`,
  );
}

/** All entity classes of all libraries. */
async function entities(): Promise<(() => unknown)[]> {
  const files = globSync(join(LIBS, '*/src/persistence/*.entity.ts')).sort();
  const modules = await Promise.all(files.map((file) => import(file) as Promise<Record<string, unknown>>));
  return modules
    .flatMap((module) => Object.values(module))
    .filter((value): value is () => unknown => typeof value === 'function');
}

export interface TestDatabase {
  database: Database;
  dataSource: DataSource;
  url: string;
  close(): Promise<void>;
}

/** The platform's `Database` on a migrated database of its own, for `*.db-spec.ts`. */
export async function testDatabase(): Promise<TestDatabase> {
  const empty = await createDatabase();
  const dataSource = new DataSource({ ...connectionOptions(empty.url, 10), entities: await entities() });
  await dataSource.initialize();
  return {
    database: new Database(dataSource),
    dataSource,
    url: empty.url,
    close: async () => {
      await dataSource.destroy();
      await empty.drop();
    },
  };
}
