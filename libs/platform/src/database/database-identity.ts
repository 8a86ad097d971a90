import type { Database } from './database';
import { sqlState } from './pg-errors';

const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * What tells this database from all others, also from one of the same name on another server or on the same server at another time.
 * Replicas share it with their primary, so it survives a failover; a restored dump is another database.
 */
export async function databaseIdentity(database: Database): Promise<string> {
  const oid = '(SELECT oid FROM pg_database WHERE datname = current_database())';
  try {
    const [row] = await database.query<{ id: string }>(
      `SELECT system_identifier || '-' || ${oid} AS id FROM pg_control_system()`,
    );
    return row!.id;
  } catch (error) {
    // Some hosted servers keep that function to themselves.
    if (sqlState(error) !== INSUFFICIENT_PRIVILEGE) throw error;
    const [row] = await database.query<{ id: string }>(`SELECT current_database() || '-' || ${oid} AS id`);
    return row!.id;
  }
}
