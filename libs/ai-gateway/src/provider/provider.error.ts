import type { CompletionUsage } from './completion-usage';
import type { ToldContextLimit } from './context-limit';
import type { ToolCall } from './tool-calls';

/** Whether sending the same request again can help, by code. */
const KINDS = {
  'UPSTREAM.UNAUTHORIZED': 'permanent',
  'UPSTREAM.FORBIDDEN': 'permanent',
  // No credit left: every retry fails too, so an operator must be told instead.
  'UPSTREAM.QUOTA_EXHAUSTED': 'permanent',
  'UPSTREAM.RATE_LIMITED': 'retryable',
  'UPSTREAM.OVERLOADED': 'retryable',
  'UPSTREAM.SERVER_ERROR': 'retryable',
  'UPSTREAM.TIMEOUT': 'retryable',
  'UPSTREAM.STALLED': 'retryable',
  'UPSTREAM.CUT': 'retryable',
  'UPSTREAM.UNREACHABLE': 'retryable',
  'UPSTREAM.BAD_REQUEST': 'permanent',
  'UPSTREAM.MODEL_NOT_FOUND': 'permanent',
  'UPSTREAM.CONTEXT_TOO_LONG': 'permanent',
  'UPSTREAM.PROMPT_REFUSED': 'permanent',
  'UPSTREAM.TOOLS_REFUSED': 'permanent',
  'UPSTREAM.RESPONSE_FORMAT_REFUSED': 'permanent',
  'UPSTREAM.IMAGE_REFUSED': 'permanent',
  // A server that a hosted tool asks is away; it may be back at the next attempt.
  'UPSTREAM.TOOL_FAILED': 'retryable',
  'UPSTREAM.NOT_FOUND': 'permanent',
  'UPSTREAM.EMPTY_ANSWER': 'retryable',
  'UPSTREAM.CONVERSATION_LOCKED': 'retryable',
  // It can be made again from our own history.
  'UPSTREAM.CONVERSATION_NOT_FOUND': 'retryable',
  'UPSTREAM.CONTENT_FILTERED': 'permanent',
  'UPSTREAM.BAD_ANSWER': 'retryable',
  // Our own abort signal, not a fault of the upstream.
  'UPSTREAM.CANCELLED': 'permanent',
} as const;

export type ProviderErrorCode = keyof typeof KINDS;
export type ProviderErrorKind = 'retryable' | 'permanent';

/** What is known about a failure; everything but the code may be left out. */
export interface ProviderErrorDetails {
  kind?: ProviderErrorKind;
  retryAfterMs?: number | null;
  httpStatus?: number | null;
  upstreamCode?: string | null;
  refusedField?: string | null;
  contextLimit?: ToldContextLimit | null;
  usage?: CompletionUsage | null;
  logDetail?: string;
  cause?: unknown;
}

/**
 * A failed attempt. `message` is fixed text by code; only `logDetail` carries (redacted) words of the upstream,
 * so it belongs in logs and never in a reply, a problem document or a socket event.
 */
export class ProviderError extends Error {
  readonly kind: ProviderErrorKind;
  /** How long the upstream asked us to wait; null when it did not say. */
  readonly retryAfterMs: number | null;
  readonly httpStatus: number | null;
  /** The upstream's own error code, such as `insufficient_quota`. */
  readonly upstreamCode: string | null;
  /** The request field the upstream named in a 400 or 422, such as `temperature`. */
  readonly refusedField: string | null;
  /** What the upstream told about its limit when the prompt was too long; null when it told no number. */
  readonly contextLimit: ToldContextLimit | null;
  /** Tokens the upstream reported although the attempt failed; null when it reported none. */
  usage: CompletionUsage | null;
  /** The tier in which the upstream says it ran the call; null when it did not say. */
  serviceTier: string | null = null;
  /** The text delivered through `onDelta` before it failed. */
  partialText = '';
  /** What hosted tools did before it failed. */
  toolCalls: ToolCall[] = [];
  firstTokenMs: number | null = null;
  /** From sending the request to its failure. */
  totalMs = 0;
  logDetail: string;

  constructor(
    readonly code: ProviderErrorCode,
    details: ProviderErrorDetails = {},
  ) {
    super(`The model call failed: ${code}`, { cause: details.cause });
    this.name = 'ProviderError';
    this.kind = details.kind ?? KINDS[code];
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.httpStatus = details.httpStatus ?? null;
    this.upstreamCode = details.upstreamCode ?? null;
    this.refusedField = details.refusedField ?? null;
    this.contextLimit = details.contextLimit ?? null;
    this.usage = details.usage ?? null;
    this.logDetail = details.logDetail ?? code;
  }
}

/** All codes, for documentation and exhaustive tests. */
export const PROVIDER_ERROR_CODES = Object.keys(KINDS) as ProviderErrorCode[];
