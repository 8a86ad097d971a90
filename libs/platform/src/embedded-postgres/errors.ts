/** The embedded PostgreSQL cannot be used. The message says what happened and what to do; it is shown to people as it is. */
export class EmbeddedPostgresError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'EmbeddedPostgresError';
  }
}

/** Another living process uses this data directory. */
export class AlreadyRunningError extends Error {
  constructor(
    readonly dataDir: string,
    /** Process id of the instance that holds the data directory; undefined when it cannot be told. */
    readonly pid: number | undefined,
  ) {
    super(`The data directory ${dataDir} is in use by another instance${pid === undefined ? '' : ` (pid ${pid})`}.`);
    this.name = 'AlreadyRunningError';
  }
}
