import { PROCESS_CONNECTION, PROCESS_TAG, WORKER_CONNECTION } from './application-name';
import type { ServerLimits } from './connection-budget';
import type { Database } from './database';

/** Asks PostgreSQL how many connections Parley can get, and which of its processes are connected. `isWorker`: what this process is. */
export async function readServerLimits(database: Database, isWorker: boolean): Promise<ServerLimits> {
  const [limits] = await database.query<{ usable: number }>(
    // Limits of -1 mean none. reserved_connections came with PostgreSQL 16.
    `SELECT least(
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
         - coalesce(current_setting('reserved_connections', true), '0')::int,
       (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user),
       (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database())) AS usable`,
  );
  const others = await database.query<{ works: boolean }>(
    `SELECT bool_or(application_name ~ $2) AS works FROM pg_stat_activity WHERE application_name ~ $1
     GROUP BY right(application_name, 8) HAVING right(application_name, 8) <> $3`,
    [PROCESS_CONNECTION, WORKER_CONNECTION, PROCESS_TAG],
  );
  const workers = others.filter(({ works }) => works).length + (isWorker ? 1 : 0);
  return { usable: limits!.usable, workers, apis: others.length + 1 - workers };
}
