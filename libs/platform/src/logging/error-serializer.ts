interface LoggedError {
  type: string;
  message: string;
  code?: string;
  constraint?: string;
  table?: string;
  stack?: string;
  cause?: LoggedError;
}

const MAX_CAUSES = 3;

/** SQLSTATE class 22, data exceptions: PostgreSQL quotes the value that it did not like. */
const QUOTES_DATA = /^22[0-9A-Z]{3}$/;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/**
 * What the log may know of an error. Database errors carry the statement, its parameters and whole rows: what people wrote, and
 * password hashes. Those stay out.
 */
export function serializeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error' };
  const fields = error as Error & {
    code?: unknown;
    constraint?: unknown;
    table?: unknown;
    driverError?: Record<string, unknown>;
  };
  const code = text(fields.code ?? fields.driverError?.code);
  const isQuoting = code !== undefined && QUOTES_DATA.test(code);
  return {
    type: error.name,
    message: isQuoting ? 'The database did not take a value.' : error.message,
    code,
    constraint: text(fields.constraint ?? fields.driverError?.constraint),
    table: text(fields.table ?? fields.driverError?.table),
    stack: isQuoting ? error.stack?.replace(`: ${error.message}`, '') : error.stack,
    ...(error.cause !== undefined && depth < MAX_CAUSES ? { cause: serializeError(error.cause, depth + 1) } : {}),
  };
}
