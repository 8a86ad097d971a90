import { randomBytes } from 'node:crypto';
import { Client, types } from 'pg';
import { eventually } from './process';

// Nothing of our own is loaded here: tests that look from outside would read the whole platform for it.

// Ids are numbers for tests, too.
types.setTypeParser(types.builtins.INT8, Number);

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
          if ((error as { code?: string }).code !== INSUFFICIENT_PRIVILEGE) throw error;
          return undefined;
        },
      ),
    `${name} to be dropped`,
  );
}
