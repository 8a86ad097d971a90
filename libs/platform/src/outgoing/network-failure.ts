/** `refused`: by us, before anything was sent. `unreachable`: no connection. `broken`: it ended in the middle. */
export type NetworkFailureKind = 'refused' | 'timeout' | 'too-large' | 'unreachable' | 'broken' | 'aborted';

/** Before these nothing of a request has gone out: https://nodejs.org/api/errors.html#common-system-errors and undici's errors. */
const BEFORE_SENDING = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_INVALID_ARG',
]);

/** OpenSSL's and Node's names for a certificate that is not accepted. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO/;

/** Why there is no answer. The message is ours alone: it has nothing of the server's text, and no address. */
export class NetworkFailure extends Error {
  /** @param mayHaveLeft false when nothing of the request can have arrived */
  constructor(
    readonly kind: NetworkFailureKind,
    message: string,
    readonly mayHaveLeft = true,
    /** Node's or undici's name of what happened, when there is one. */
    readonly code?: string,
  ) {
    super(message);
  }

  static refused(): NetworkFailure {
    return new NetworkFailure('refused', 'is not a server on the public internet', false);
  }
}

/** With several addresses tried, what the last of them said. */
function codeOf(error: unknown): string | null {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors.at(-1));
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined || cause === null ? null : codeOf(cause);
}

/** @param deadlineMs the deadline when it is what ended the request, else null */
export function networkFailureOf(error: unknown, deadlineMs: number | null): NetworkFailure {
  if (error instanceof NetworkFailure) return error;
  if (deadlineMs !== null) return new NetworkFailure('timeout', `no answer within ${deadlineMs} ms`);
  const code = codeOf(error);
  if (code !== null && BEFORE_SENDING.has(code)) {
    return new NetworkFailure('unreachable', `it could not be reached (${code})`, false, code);
  }
  if (code !== null && CERTIFICATE.test(code)) {
    return new NetworkFailure('unreachable', `its certificate or TLS is not accepted (${code})`, false, code);
  }
  if (error instanceof Error && error.name === 'AbortError') return new NetworkFailure('aborted', 'it was given up');
  return new NetworkFailure('broken', `the connection broke (${code ?? 'no reason given'})`, true, code ?? undefined);
}
