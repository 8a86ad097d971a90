/** One wrong field of a request, for status 422. */
export interface WrongField {
  field: string;
  message: string;
}

interface Fields {
  code: string;
  detail: string;
  status?: number | undefined;
  errors?: WrongField[] | undefined;
  retryAfter?: number | undefined;
  requestId?: string | undefined;
  cause?: unknown;
}

/** What the backend refused, over REST or a socket, or (codes `CLIENT.…`) why it could not be asked. */
export class ParleyError extends Error {
  override readonly name = 'ParleyError';
  /** Stable, such as `CONVERSATION.NOT_FOUND`; `CLIENT.UNREACHABLE` and the like when there was no answer. */
  readonly code: string;
  /** What happened and what to do, for people. */
  readonly detail: string;
  /** The HTTP status; 0 when there was no HTTP answer (sockets, a broken connection). */
  readonly status: number;
  /** The wrong fields; empty when it is not about fields. */
  readonly errors: WrongField[];
  /** Seconds after which to try again, when the backend says so. */
  readonly retryAfter: number | undefined;
  /** Quote it when you report a problem. */
  readonly requestId: string | undefined;

  constructor({ code, detail, status, errors, retryAfter, requestId, cause }: Fields) {
    super(`${code}: ${detail}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
    this.status = status ?? 0;
    this.errors = errors ?? [];
    this.retryAfter = retryAfter;
    this.requestId = requestId;
  }

  /** Of an answer that is no success: a problem document (RFC 9457), or whatever a proxy has put there. Reads its body. */
  static async from(response: Response): Promise<ParleyError> {
    const text = await response.text().catch(() => '');
    const problem = problemIn(text);
    return new ParleyError({
      code: typeof problem.code === 'string' ? problem.code : `HTTP.${response.status}`,
      detail: typeof problem.detail === 'string' ? problem.detail : `${response.status} ${response.statusText}`.trim(),
      status: response.status,
      errors: Array.isArray(problem.errors) ? (problem.errors as WrongField[]) : [],
      retryAfter: secondsOf(response.headers.get('retry-after')),
      requestId: response.headers.get('x-request-id') ?? undefined,
    });
  }

  /** Nobody answered: refused, no such host, no network, broken off. */
  static unreachable(url: string, cause: unknown): ParleyError {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new ParleyError({ code: 'CLIENT.UNREACHABLE', detail: `${url} cannot be reached (${why}).`, cause });
  }
}

function problemIn(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** `Retry-After` is a number of seconds or a date (RFC 9110, section 10.2.3). */
function secondsOf(header: string | null): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - Date.now()) / 1000);
}
