import type { Client as Postgres } from 'pg';
import { eventually } from './process';

/** Until somebody waits for what the open transaction of this connection holds. */
export const somebodyWaits = (sql: Postgres): Promise<true> =>
  eventually(async () => {
    const waiting = await sql.query(
      'SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))',
    );
    return waiting.rows.length > 0 ? true : undefined;
  }, 'a request to wait for the transaction');

/** Makes a request that needs what a transaction is removing; it is committed while the request waits for it. */
export async function whileRemoved<T>(sql: Postgres, removal: string, request: () => Promise<T>): Promise<T> {
  await sql.query(`BEGIN; ${removal}`);
  const answer = request();
  try {
    await somebodyWaits(sql);
  } catch (error) {
    await sql.query('ROLLBACK');
    throw error;
  }
  await sql.query('COMMIT');
  return answer;
}
