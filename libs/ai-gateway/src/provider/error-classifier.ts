import { contextLimitIn, type ToldContextLimit } from './context-limit';
import { ProviderError, type ProviderErrorCode } from './provider.error';
import type { CompletionUsage } from './provider.port';
import { redact } from './redact';
import { refusedContentCode } from './refused-content';
import type { SentContent } from './request-content';
import { retryAfterMs, type HeaderReader } from './retry-after';
import { listOf, objectOf, stringOf } from './untyped-json';

/** What the upstream said about a failure, over HTTP or inside a stream (then `status` is null). */
export interface UpstreamFailure {
  status: number | null;
  /** The error object, of whatever shape: OpenAI's, an older vLLM's, FastAPI's `detail`, or a bare string. */
  error: unknown;
  headers?: HeaderReader | null;
  usage?: CompletionUsage | null;
  /** Whether the request named a stored prompt: then a complaint about a prompt is about that one. */
  sentPromptId?: boolean;
  sent?: SentContent;
  /** The API key in use, so that it can be redacted. */
  apiKey?: string;
}

interface Complaint {
  status: number | null;
  code: string;
  type: string;
  param: string | null;
  message: string;
  contextLimit: ToldContextLimit | null;
}

/** Turns what an upstream said into a coded failure. The code of the error decides before the HTTP status does. */
export function classifyUpstreamFailure(failure: UpstreamFailure): ProviderError {
  const complaint = read(failure);
  const code = refusedContentCode(complaint, failure.sent ?? {}) ?? codeOf(complaint, failure.sentPromptId === true);
  const refused = complaint.status === 400 || complaint.status === 422 ? refusedField(complaint) : null;
  const said = [complaint.code || complaint.type, complaint.param && `param=${complaint.param}`, complaint.message];
  const requestId = failure.headers?.get('x-request-id');
  const logDetail = [
    complaint.status === null ? 'error inside the stream' : `HTTP ${complaint.status}`,
    ...said,
    requestId && `request ${requestId}`,
  ];
  return new ProviderError(code, {
    httpStatus: complaint.status,
    upstreamCode: redact(complaint.code || complaint.type, [failure.apiKey ?? '']).slice(0, 100) || null,
    refusedField: refused,
    contextLimit: code === 'UPSTREAM.CONTEXT_TOO_LONG' ? complaint.contextLimit : null,
    usage: failure.usage ?? null,
    retryAfterMs: retryAfterMs(failure.headers ?? null, complaint.message),
    logDetail: redact(logDetail.filter(Boolean).join(' · '), [failure.apiKey ?? '']),
  });
}

function read(failure: UpstreamFailure): Complaint {
  const outer = objectOf(failure.error);
  const error = objectOf(outer?.error) ?? outer;
  // FastAPI servers answer {"detail": "…"} or {"detail": [{"loc": ["body", "store"], "msg": "…"}]}.
  const detail = objectOf(listOf(error?.detail)[0]);
  const location = listOf(detail?.loc).filter((part) => part !== 'body');
  const message =
    stringOf(error?.message) ??
    stringOf(outer?.error) ??
    stringOf(error?.detail) ??
    stringOf(detail?.msg) ??
    stringOf(failure.error) ??
    '';
  return {
    status: failure.status,
    code: typeof error?.code === 'number' ? '' : (stringOf(error?.code) ?? ''),
    type: stringOf(error?.type) ?? stringOf(detail?.type) ?? '',
    param: stringOf(error?.param) ?? (location.length > 0 ? location.map(String).join('.') : null),
    message,
    contextLimit: contextLimitIn(message, error),
  };
}

const BY_CODE: Record<string, ProviderErrorCode> = {
  insufficient_quota: 'UPSTREAM.QUOTA_EXHAUSTED',
  billing_hard_limit_reached: 'UPSTREAM.QUOTA_EXHAUSTED',
  billing_not_active: 'UPSTREAM.QUOTA_EXHAUSTED',
  invalid_api_key: 'UPSTREAM.UNAUTHORIZED',
  model_not_found: 'UPSTREAM.MODEL_NOT_FOUND',
  context_length_exceeded: 'UPSTREAM.CONTEXT_TOO_LONG',
  conversation_locked: 'UPSTREAM.CONVERSATION_LOCKED',
  content_filter: 'UPSTREAM.CONTENT_FILTERED',
  content_policy_violation: 'UPSTREAM.CONTENT_FILTERED',
  // The Responses API's code for a prompt that its safety rules refuse; it has nothing to do with stored prompts.
  invalid_prompt: 'UPSTREAM.CONTENT_FILTERED',
  bio_policy: 'UPSTREAM.CONTENT_FILTERED',
  misalignment_policy_violation: 'UPSTREAM.CONTENT_FILTERED',
  rate_limit_exceeded: 'UPSTREAM.RATE_LIMITED',
  slow_down: 'UPSTREAM.OVERLOADED',
  server_overloaded: 'UPSTREAM.OVERLOADED',
  overloaded_error: 'UPSTREAM.OVERLOADED',
  server_error: 'UPSTREAM.SERVER_ERROR',
};

function codeOf(complaint: Complaint, sentPromptId: boolean): ProviderErrorCode {
  const { status, param, message } = complaint;
  const isClientError = status !== null && status >= 400 && status < 500;
  if (sentPromptId && isClientError && isAboutStoredPrompt(complaint)) return 'UPSTREAM.PROMPT_REFUSED';
  const byCode = BY_CODE[complaint.code] ?? (isClientError && status !== 429 ? undefined : BY_CODE[complaint.type]);
  // One request larger than the limit of a whole minute: no waiting makes it smaller.
  if (byCode === 'UPSTREAM.RATE_LIMITED' && /request too large/i.test(message)) return 'UPSTREAM.CONTEXT_TOO_LONG';
  // "server_error" says less than a 503 does.
  if (byCode && !(byCode === 'UPSTREAM.SERVER_ERROR' && status !== null)) return byCode;
  if (complaint.type === 'insufficient_quota' || status === 402) return 'UPSTREAM.QUOTA_EXHAUSTED';
  if (status === null) return codeInsideStream(complaint);
  if (status === 400 || status === 413 || status === 422) {
    if (status === 413 || isTooLong(complaint)) return 'UPSTREAM.CONTEXT_TOO_LONG';
    return param === 'model' && isMissing(message) ? 'UPSTREAM.MODEL_NOT_FOUND' : 'UPSTREAM.BAD_REQUEST';
  }
  if (status === 404) return /\bmodel\b/i.test(message) ? 'UPSTREAM.MODEL_NOT_FOUND' : 'UPSTREAM.NOT_FOUND';
  if (status === 429) {
    return /exceeded your current quota|check your plan/i.test(message)
      ? 'UPSTREAM.QUOTA_EXHAUSTED'
      : 'UPSTREAM.RATE_LIMITED';
  }
  if (status < 400) return 'UPSTREAM.NOT_FOUND';
  return BY_STATUS[status] ?? (status >= 400 && status < 500 ? 'UPSTREAM.BAD_REQUEST' : 'UPSTREAM.SERVER_ERROR');
}

const BY_STATUS: Record<number, ProviderErrorCode> = {
  401: 'UPSTREAM.UNAUTHORIZED',
  403: 'UPSTREAM.FORBIDDEN',
  405: 'UPSTREAM.NOT_FOUND',
  // Both pass: a proxy gave up waiting, or a parallel request held a lock.
  408: 'UPSTREAM.SERVER_ERROR',
  409: 'UPSTREAM.SERVER_ERROR',
  410: 'UPSTREAM.NOT_FOUND',
  503: 'UPSTREAM.OVERLOADED',
  529: 'UPSTREAM.OVERLOADED',
};

/** The HTTP status was 200 when it happened, so only code, type and words are left to judge by. */
function codeInsideStream(complaint: Complaint): ProviderErrorCode {
  const { type } = complaint;
  if (/overloaded/i.test(type)) return 'UPSTREAM.OVERLOADED';
  if (/rate_limit|too_many_requests/i.test(type)) return 'UPSTREAM.RATE_LIMITED';
  if (isTooLong(complaint)) return 'UPSTREAM.CONTEXT_TOO_LONG';
  if (type === 'invalid_request_error') return 'UPSTREAM.BAD_REQUEST';
  return 'UPSTREAM.SERVER_ERROR';
}

function isTooLong({ type, message }: Complaint): boolean {
  if (type === 'exceed_context_size_error') return true;
  return /maximum (?:context|model|prompt) length|context (?:window|length|size)|prompt (?:is )?too long|configured limit of [\d,]+ tokens|too large for model|too many (?:input )?tokens/i.test(
    message,
  );
}

function isMissing(message: string): boolean {
  return /does not exist|not found|do not have access|unknown model|no longer available|deprecated/i.test(message);
}

function isAboutStoredPrompt({ code, param, message, status }: Complaint): boolean {
  if (param === 'prompt' || param?.startsWith('prompt.') || param === 'prompt_id') return true;
  if (code === 'prompt_not_found' || code === 'invalid_prompt_id') return true;
  if (param !== null || code === 'invalid_prompt' || code === 'model_not_found') return false;
  // After the shutdown of stored prompts the complaint may be without a param: then only its words tell.
  return (
    status !== 429 &&
    /\b(?:stored prompts?|prompt id|prompt with id|pmpt_|'prompt'|prompts? (?:api|feature))/i.test(message)
  );
}

/** The top-level field that a 400 complains about: from `param`, else from words such as "Unknown parameter: 'store'". */
function refusedField({ param, message }: Complaint): string | null {
  if (param) return /^[a-z_]+/i.exec(param)?.[0] ?? null;
  const named =
    /(?:unsupported|unknown|unrecognized|unexpected|unsupported value|extra)[^'"`]{0,60}['"`]([a-z_]+)/i.exec(
      message,
    ) ??
    /['"`]([a-z_]+)[^'"`]*['"`][^'"`]{0,40}(?:not (?:supported|permitted|allowed)|unsupported|unknown)/i.exec(message);
  return named?.[1] ?? null;
}
