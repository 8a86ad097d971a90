interface PgError {
  code?: string;
  constraint?: string;
}

/** The driver's error inside TypeORM's `QueryFailedError`, or the error itself. */
function driverError(error: unknown): PgError {
  const outer = error as { driverError?: PgError } & PgError;
  return outer?.driverError ?? outer ?? {};
}

/** SQLSTATE of a failed statement, if it came from PostgreSQL. */
export const sqlState = (error: unknown): string | undefined => driverError(error).code;

const matches = (error: unknown, state: string, constraint?: string): boolean => {
  const { code, constraint: name } = driverError(error);
  return code === state && (constraint === undefined || constraint === name);
};

export const isUniqueViolation = (error: unknown, constraint?: string): boolean => matches(error, '23505', constraint);
export const isForeignKeyViolation = (error: unknown, constraint?: string): boolean =>
  matches(error, '23503', constraint);

/** A prepared statement from before a migration; preparing it anew helps. */
export const isStalePlan = (error: unknown): boolean =>
  matches(error, '0A000') && error instanceof Error && error.message.includes('cached plan');

/**
 * Why the database did not take a statement; each may pass without a change of the statement.
 * `full`: no room on its disk. `busy`: no connection, lock, memory or time to spare. `away`: not reachable, starting or ending.
 */
export type DatabaseTrouble = 'full' | 'busy' | 'away';

/** https://www.postgresql.org/docs/18/errcodes-appendix.html. Class 08 (connection exceptions) is `away` as a whole. */
const TROUBLE_BY_STATE: Record<string, DatabaseTrouble> = {
  '53100': 'full', // disk_full
  '53200': 'busy', // out_of_memory
  '53300': 'busy', // too_many_connections
  '53400': 'busy', // configuration_limit_exceeded
  '40001': 'busy', // serialization_failure
  '40P01': 'busy', // deadlock_detected
  '55P03': 'busy', // lock_not_available
  '57014': 'busy', // query_canceled: our own statement_timeout
  '25P03': 'busy', // idle_in_transaction_session_timeout
  '25006': 'away', // read_only_sql_transaction: we are connected to a replica, a failover is going on
  '57P01': 'away', // admin_shutdown
  '57P02': 'away', // crash_shutdown
  '57P03': 'away', // cannot_connect_now
  '57P05': 'away', // idle_session_timeout
  '58000': 'away', // system_error
  '58030': 'away', // io_error
};

/** Codes of Node for connections that are not to be had or break. */
const AWAY_NODE_CODES = new Set([
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** What `pg`, `pg-pool` and TypeORM say without a code. */
const AWAY_MESSAGE =
  /connection terminated|connection ended unexpectedly|client has encountered a connection error|client was closed and is not queryable|query runner already released|driver not connected|not established/i;
const BUSY_MESSAGE = /timeout exceeded when trying to connect|query read timeout/i;

/** Undefined when the statement itself is at fault: trying again would not help. */
export function databaseTrouble(error: unknown): DatabaseTrouble | undefined {
  const code = sqlState(error);
  if (code !== undefined) {
    const trouble = TROUBLE_BY_STATE[code];
    if (trouble !== undefined) return trouble;
    if (AWAY_NODE_CODES.has(code) || /^08[A-Z0-9]{3}$/.test(code)) return 'away';
  }
  if (!(error instanceof Error)) return undefined;
  // A host with several addresses fails with one error per address.
  if (error instanceof AggregateError) {
    return error.errors.map(databaseTrouble).find((trouble) => trouble !== undefined);
  }
  if (BUSY_MESSAGE.test(error.message)) return 'busy';
  return AWAY_MESSAGE.test(error.message) ? 'away' : undefined;
}

/** The database could not take the statement now (down, starting, full, out of connections): the caller may try again. */
export const isDatabaseUnavailable = (error: unknown): boolean => databaseTrouble(error) !== undefined;
