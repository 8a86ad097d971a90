import { Client } from 'pg';
import { SUPERUSER } from './cluster';
import { OWNER_PARAMETER } from './settings';

/** Any constant; it lives in the maintenance database `postgres`, where nothing else takes advisory locks. */
const INSTANCE_LOCK = 7_025_119;
const CONNECT_DEADLINE_MS = 3000;
const STATEMENT_DEADLINE_MS = 30_000;

/** Name of the application's role and of its database. */
export const APPLICATION = 'parley';

/** A superuser connection to the maintenance database. It is outside of the application's connection limit. */
export async function connectAsAdmin(port: number, password: string): Promise<Client> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password,
    database: 'postgres',
    ssl: false,
    application_name: 'parley supervisor',
    connectionTimeoutMillis: CONNECT_DEADLINE_MS,
    query_timeout: STATEMENT_DEADLINE_MS,
    keepAlive: true,
  });
  // Without a listener a lost connection would end the process; whoever cares listens to `end`.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    void client.end().catch(() => undefined);
    throw error;
  }
}

/** Held for the life of the connection: one instance per cluster, decided by the database. */
export async function tryInstanceLock(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [
    INSTANCE_LOCK,
  ]);
  return rows[0]?.locked === true;
}

/** The process that started this server, as `processIdentity` names it. */
export async function serverOwner(client: Client): Promise<string> {
  const { rows } = await client.query<{ owner: string | null }>('SELECT current_setting($1, true) AS owner', [
    OWNER_PARAMETER,
  ]);
  return rows[0]?.owner ?? '';
}

/** Makes the application's role and database; each step may have been done by an earlier start. */
export async function ensureApplicationDatabase(client: Client, password: string): Promise<void> {
  const role = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [APPLICATION]);
  // CREATEDB is for the tests. The password is hexadecimal, so it needs no quoting.
  if (role.rowCount === 0) await client.query(`CREATE ROLE ${APPLICATION} LOGIN CREATEDB PASSWORD '${password}'`);
  const database = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [APPLICATION]);
  if (database.rowCount === 0) await client.query(`CREATE DATABASE ${APPLICATION} OWNER ${APPLICATION}`);
}

export const sqlState = (error: unknown): string | undefined => (error as { code?: string } | undefined)?.code;
