import './heard-errors';
import { types } from 'pg';
import type { DataSourceOptions } from 'typeorm';
import { applicationName } from './application-name';

const INT8_OID = 20;
// Ids are numbers in the API. An identity column stays below 2^53 for any load this product can see.
types.setTypeParser(INT8_OID, Number);

/** How every part of Parley connects: bounded waits, so that a database that hangs makes errors and not a pile of waiters. */
export function connectionOptions(url: string, poolSize: number): DataSourceOptions & { type: 'postgres' } {
  return {
    type: 'postgres',
    url,
    applicationName: applicationName('pool'),
    poolSize,
    logging: false,
    extra: {
      connectionTimeoutMillis: 5000,
      idleTimeoutMillis: 30_000,
      statement_timeout: 30_000,
      // Where not even the server's own limit comes back: the host is gone, and TCP would wait for a quarter of an hour.
      query_timeout: 35_000,
      idle_in_transaction_session_timeout: 30_000,
      keepAlive: true,
      pipeline: true,
    },
  };
}
