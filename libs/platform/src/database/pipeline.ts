import type { Socket } from 'node:net';
import type { PoolClient, QueryResult } from 'pg';

/** The pool's connections are pipelined (`pipeline: true`): a statement is sent without waiting for the answer to the one before. */

/** BEGIN travels with the first statements, not before them. */
export async function inTransaction<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  const begun = client.query('BEGIN');
  begun.catch(() => undefined);
  try {
    const result = await work();
    await begun;
    assertCommitted(await client.query('COMMIT'));
    return result;
  } catch (error) {
    // On a broken connection there is nothing to roll back, and the pool throws it away.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** BEGIN, the statements that `issue` sends at once, and COMMIT in one packet. When one of them fails, PostgreSQL makes the COMMIT a ROLLBACK. */
export async function inOneTransaction<T>(client: PoolClient, issue: () => Promise<T>): Promise<T> {
  const [begun, result, committed] = corked(client, () => [client.query('BEGIN'), issue(), client.query('COMMIT')]);
  // All are waited for before the connection goes back; the statement's own error says most.
  await Promise.allSettled([begun, result, committed]);
  const value = await result;
  await begun;
  assertCommitted(await committed);
  return value;
}

/** Lets what is sent meanwhile leave as one packet: each packet costs a system call here and one there. */
export function corked<T>(client: PoolClient, send: () => T): T {
  const stream = (client as unknown as { connection?: { stream?: Socket } }).connection?.stream;
  stream?.cork();
  try {
    return send();
  } finally {
    stream?.uncork();
  }
}

function assertCommitted({ command }: QueryResult): void {
  // PostgreSQL answers so when a statement had failed and nobody was told.
  if (command === 'ROLLBACK') throw new Error('The transaction was rolled back: one of its statements had failed.');
}
