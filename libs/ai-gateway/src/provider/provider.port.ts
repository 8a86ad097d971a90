import type { ApiKeys } from './api-keys';
import type { CompletionUsage } from './completion-usage';
import type { ProviderError } from './provider.error';
import type { RateLimits } from './rate-limits';
import type { AnswerSchema, PromptMessage, StoredPrompt, UpstreamTool, Verdict } from './request-content';
import type { Citation, ToolCall } from './tool-calls';

export type { CompletionUsage } from './completion-usage';
export type {
  AnswerSchema,
  ContentPart,
  ImageDetail,
  ImagePart,
  PromptMessage,
  StoredPrompt,
  UpstreamTool,
  Verdict,
} from './request-content';
export type { Citation, ToolCall } from './tool-calls';

/** What one model call asks for. Fields left out are not sent upstream. */
export interface CompletionRequest {
  model: string;
  /** The system prompt. */
  instructions: string;
  /** The part of the instructions that is about a person, word for word: what is hidden from the upstream is hidden there, too. */
  personal?: string;
  /** History and the current user message, oldest first; the last one is the message to answer. */
  input: PromptMessage[];
  /** 0–2. */
  temperature?: number;
  /** Upper bound of the answer in tokens. */
  maxOutputTokens?: number;
  /** A stored prompt at the upstream (Responses API only). Overrides `ProviderOptions.promptId`; null: none at all. */
  prompt?: StoredPrompt | null;
  /**
   * A conversation at the upstream (Responses API only) that holds what was said before: `input` is only the new message then, and the
   * upstream keeps both it and the answer.
   */
  conversationId?: string;
  /** Hosted tools (Responses API only: Chat Completions has none). */
  tools?: UpstreamTool[];
  /** Structured output. */
  responseFormat?: AnswerSchema;
  /** The model is to judge its own answer, beside it. Not together with `responseFormat`. */
  wantsVerdict?: boolean;
  /** Kept beside the upstream's copy of the answer (Responses API only). */
  metadata?: Record<string, string>;
  /** How fast, and at what price, the upstream is to answer: `auto`, `default`, `flex` or `priority`. */
  serviceTier?: string;
  /** A hash that stands for the person, at most 64 characters; sent to the official OpenAI only. */
  safetyIdentifier?: string;
  /** Requests with the same key and the same beginning meet at the same cache; at most 64 characters, sent to the official OpenAI only. */
  promptCacheKey?: string;
  /** Sent as `x-client-request-id`, so that both sides' logs can be joined. */
  correlationId?: string;
}

/** A finished answer. `text` is exactly the concatenation of the deltas given to `onDelta`. */
export interface CompletionResult {
  text: string;
  /** The model that answered, as the upstream named it. */
  model: string;
  usage: CompletionUsage;
  /** The tier in which the upstream says it ran the call, which is the one that it bills; null when it does not say. */
  serviceTier: string | null;
  /** `max_tokens`: the answer was cut at the limit but is still a reply. `refusal`: `text` is the model's refusal. */
  finish: 'stop' | 'max_tokens' | 'refusal';
  /** The upstream's id of this answer (`resp_…`, `chatcmpl-…`). */
  upstreamId: string | null;
  /** What hosted tools did for it; at most 50. */
  toolCalls: ToolCall[];
  /** The sources that it names; at most 50. */
  citations: Citation[];
  /** How the model judges its answer; missing when it was not asked to. */
  verdict?: Verdict;
  /** From sending the (last) request to the first piece of text. */
  firstTokenMs: number | null;
  /** From sending the (last) request to the terminal event. */
  totalMs: number;
}

/** What the caller hears while a call runs. */
export interface CompletionHooks {
  /** A piece of the answer, in order. If it throws, the request is cancelled and the error is passed on unchanged. */
  onDelta(text: string): void;
  /** A hosted tool has begun, gone on or ended; each time with all that is known of it. If it throws, as for `onDelta`. */
  onToolCall?(call: ToolCall): void;
  /**
   * Aborting it cancels the upstream request at once; `complete` then rejects with `UPSTREAM.CANCELLED`, unless the answer
   * was already complete: then it resolves, so that its tokens are known.
   */
  signal: AbortSignal;
  /**
   * The upstream refused an optional field with a 400, or the key, and the same attempt is about to be sent once more without that field, or
   * with another key.
   * Called (and awaited) before that extra request, with the refusal, so that the ledger can count both.
   */
  onExtraRequest?(refusal: ProviderError): void | Promise<void>;
  /** What the upstream announced of its limits, as soon as the headers are here; also for requests that it refused. Must not throw. */
  onRateLimits?(limits: RateLimits): void;
}

/** Where answers come from, fit to be shown to an operator: it carries no secret. */
export interface ProviderDescription {
  provider: 'openai' | 'compatible' | 'simulator';
  base_url: string;
  model: string;
  api: 'responses' | 'chat';
}

/** A model API. Stateless between calls, apart from what it learned about fields a model does not take. */
export interface CompletionProvider {
  readonly info: ProviderDescription;
  /**
   * Makes one attempt; never retries a failed one.
   * @throws ProviderError always, whatever went wrong (except an error thrown by `hooks.onDelta` or `hooks.onExtraRequest`).
   */
  complete(request: CompletionRequest, hooks: CompletionHooks): Promise<CompletionResult>;
  /** Asks `GET /models` with a limit of 5 seconds. `code` is a ProviderError code when it is not ok. Never throws. */
  check(): Promise<{ ok: boolean; code: string | null }>;
}

/** How to reach a model API. */
export interface ProviderOptions {
  apiKey: string;
  /** Several keys, or keys that change; overrides `apiKey`. */
  keys?: ApiKeys;
  /** With the version path, such as `https://api.openai.com/v1`. */
  baseUrl: string;
  api: 'responses' | 'chat';
  defaultModel: string;
  /** The longest silence without content, counted from the request on; keep-alive comments do not count as content. */
  contentIdleTimeoutMs: number;
  /** The longest a whole attempt may take. */
  totalTimeoutMs: number;
  /** A stored prompt sent with every request (Responses API only). */
  promptId?: string;
  provider: ProviderDescription['provider'];
}
