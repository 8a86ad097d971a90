/** One thing wrong with a request: which field, and what to do about it. */
export interface FieldError {
  field: string;
  message: string;
}

export interface AppErrorExtra {
  errors?: FieldError[];
  /** Becomes the `Retry-After` header, in whole seconds. */
  retryAfterSeconds?: number;
  /** When what ran out begins anew; becomes `resets_at`. */
  resetsAt?: Date;
  /** Kept for the log only; never shown to a caller. */
  cause?: unknown;
}

/**
 * An error that a caller may see. `code` is stable (`CONVERSATION.NOT_FOUND`), `detail` is a sentence for people that says
 * what happened and what to do. One place maps it to HTTP, socket acknowledgements and channel replies.
 */
export class AppError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly detail: string,
    readonly extra: AppErrorExtra = {},
  ) {
    super(detail, extra.cause === undefined ? undefined : { cause: extra.cause });
    this.name = 'AppError';
  }
}

/** 422 that names the field. */
export const badInput = (field: string, message: string): AppError =>
  new AppError('REQUEST.INVALID', 422, `${field}: ${message}`, { errors: [{ field, message }] });
