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

const UNAVAILABLE_STATES = new Set([
  '40P01',
  '40001',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '53100',
  '53200',
  '25006',
  '55P03',
  '57014',
]);
const UNAVAILABLE_NODE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
]);
const UNAVAILABLE_MESSAGE =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i;

/** The database could not take the statement now (down, starting, full, out of connections): the caller may try again. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const code = sqlState(error);
  if (
    code !== undefined &&
    (UNAVAILABLE_STATES.has(code) || UNAVAILABLE_NODE_CODES.has(code) || code.startsWith('08'))
  ) {
    return true;
  }
  return error instanceof Error && UNAVAILABLE_MESSAGE.test(error.message);
}
