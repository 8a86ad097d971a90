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
  return {
    type: error.name,
    message: error.message,
    code: text(fields.code),
    constraint: text(fields.constraint ?? fields.driverError?.constraint),
    table: text(fields.table ?? fields.driverError?.table),
    stack: error.stack,
    ...(error.cause !== undefined && depth < MAX_CAUSES ? { cause: serializeError(error.cause, depth + 1) } : {}),
  };
}
