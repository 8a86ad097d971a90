import { performance } from 'node:perf_hooks';
import { APIError, type OpenAI } from 'openai';
import { ApiKeys } from './api-keys';
import type { AnswerReader, ReaderContext } from './answer-reader';
import { elapsedMs, flush, HookFailure, receiveAnswer, type Exchange } from './answer-stream';
import { explainFailure, type FailedRequest, isAbort } from './explain-failure';
import { FieldAdaptations } from './field-adaptations';
import { connectOpenAI } from './openai-connection';
import { withoutCredentials } from './openai-conversations';
import { ProviderError, type ProviderErrorCode } from './provider.error';
import type {
  CompletionHooks,
  CompletionProvider,
  CompletionRequest,
  CompletionResult,
  ProviderDescription,
  ProviderOptions,
} from './provider.port';
import { readRateLimits } from './rate-limits';
import { withoutQuotes } from './redact';
import { hasImages, type SentContent, textOf, withoutEarlierImages } from './request-content';
import type { JsonObject } from './untyped-json';
import { UpstreamWatch, type WatchReason } from './upstream-watch';
import { bodyOf } from './streaming-fetch';
import { UNKNOWN_USAGE } from './usage';

/** How many optional fields one attempt may shed. A server that knows none of the newer ones refuses them one by one. */
const MAX_EXTRA_REQUESTS = 4;
const CHECK_TIMEOUT_MS = 5_000;

const WATCH_CODES: Record<WatchReason, ProviderErrorCode> = {
  cancelled: 'UPSTREAM.CANCELLED',
  stalled: 'UPSTREAM.STALLED',
  timeout: 'UPSTREAM.TIMEOUT',
};

/** What of a request decides how a refusal of it is read. */
type Asked = Partial<Pick<FailedRequest, 'sentPromptId' | 'sentConversationId' | 'sent'>>;

/** What both OpenAI APIs have in common. Subclasses say where a request goes, what it looks like and how its answer reads. */
export abstract class OpenAIProvider implements CompletionProvider {
  readonly info: ProviderDescription;
  private readonly client: OpenAI;
  private readonly adaptations = new FieldAdaptations();
  private readonly keys: ApiKeys;

  constructor(protected readonly options: ProviderOptions) {
    this.client = connectOpenAI(options);
    this.keys = options.keys ?? new ApiKeys([options.apiKey || 'none']);
    this.info = {
      provider: options.provider,
      base_url: withoutCredentials(options.baseUrl),
      model: options.defaultModel,
      api: options.api,
    };
  }

  protected abstract readonly path: string;
  protected abstract bodyOf(request: CompletionRequest): JsonObject;
  protected abstract readerFor(context: ReaderContext): AnswerReader;

  async complete(request: CompletionRequest, hooks: CompletionHooks): Promise<CompletionResult> {
    const watch = new UpstreamWatch({ ...this.options, signal: hooks.signal });
    try {
      const refusedKeys = new Set<string>();
      let asked = request;
      for (let extra = 0; ;) {
        const body = this.adaptations.apply(asked.model, this.bodyOf(asked));
        const key = asked.conversationId === undefined ? this.keys.take() : this.keys.first();
        try {
          const result = await this.exchange(asked, body, key, watch, hooks);
          this.keys.works(key);
          return result;
        } catch (error) {
          if (!(error instanceof ProviderError)) throw error;
          if (!this.isWorthAnotherKey(key, error, refusedKeys)) {
            if (extra >= MAX_EXTRA_REQUESTS) throw error;
            const input = error.code === 'UPSTREAM.IMAGE_REFUSED' ? withoutEarlierImages(asked.input) : null;
            // A picture behind a URL may be gone by now: an old one must not end the conversation.
            if (input !== null) asked = { ...asked, input };
            else if (!this.adaptations.learn(asked.model, body, error)) throw error;
            extra += 1;
          }
          await hooks.onExtraRequest?.(error);
          watch.progress();
        }
      }
    } finally {
      watch.dispose();
    }
  }

  async check(): Promise<{ ok: boolean; code: string | null }> {
    const key = this.keys.take();
    try {
      const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS);
      const headers = { authorization: `Bearer ${key}` };
      const response = await this.client.get('/models', { signal, headers }).asResponse();
      bodyOf(response).resume();
      this.keys.works(key);
      return { ok: true, code: null };
    } catch (error) {
      if (isAbort(error)) return { ok: false, code: 'UPSTREAM.TIMEOUT' };
      const { code } = this.explain(error, false, key, {});
      // One revoked key of several does not cut us off: the next check takes another one.
      if (code === 'UPSTREAM.UNAUTHORIZED' && this.keys.putAside(key, code)) return this.check();
      return { ok: false, code };
    }
  }

  /** Whether the same request goes on with another key; each key is refused once at most. */
  private isWorthAnotherKey(key: string, { code }: ProviderError, refused: Set<string>): boolean {
    if (code !== 'UPSTREAM.UNAUTHORIZED' && code !== 'UPSTREAM.QUOTA_EXHAUSTED') return false;
    const isAnotherLeft = this.keys.putAside(key, code) && !refused.has(key);
    refused.add(key);
    return isAnotherLeft;
  }

  private async exchange(
    request: CompletionRequest,
    body: JsonObject,
    apiKey: string,
    watch: UpstreamWatch,
    hooks: CompletionHooks,
  ): Promise<CompletionResult> {
    const sent: SentContent = {
      tools: 'tools' in body,
      schema: request.responseFormat !== undefined,
      images: request.input.some(hasImages),
    };
    const asked = { sentPromptId: 'prompt' in body, sentConversationId: 'conversation' in body, sent };
    const reader = this.readerFor({ apiKey, ...asked });
    const exchange: Exchange = {
      watch,
      reader,
      hooks,
      startedAt: performance.now(),
      firstTokenMs: null,
      answered: false,
    };
    try {
      if (watch.reason) throw new ProviderError(WATCH_CODES[watch.reason]);
      const response = await this.send(request, body, apiKey, watch.signal);
      exchange.answered = true;
      announceLimits(response.headers, hooks);
      await receiveAnswer(response, exchange);
      const finish = reader.close();
      flush(exchange);
      return {
        text: reader.text,
        model: reader.model ?? request.model,
        usage: reader.usage ?? { ...UNKNOWN_USAGE },
        serviceTier: reader.serviceTier ?? unaskedTier(request, body),
        finish,
        upstreamId: reader.upstreamId,
        toolCalls: reader.tools.all,
        citations: reader.citations,
        firstTokenMs: exchange.firstTokenMs,
        totalMs: elapsedMs(exchange),
      };
    } catch (error) {
      if (error instanceof HookFailure) throw error.error;
      if (error instanceof APIError && error.headers instanceof Headers) announceLimits(error.headers, hooks);
      const failure = this.failureOf(error, exchange, apiKey, asked);
      failure.serviceTier ??= unaskedTier(request, body);
      failure.logDetail = withoutQuotes(failure.logDetail, [request.personal ?? '', ...request.input.map(textOf)]);
      throw failure;
    }
  }

  private send(request: CompletionRequest, body: JsonObject, apiKey: string, signal: AbortSignal): Promise<Response> {
    const headers: Record<string, string> = { accept: 'text/event-stream', authorization: `Bearer ${apiKey}` };
    // The header must be printable ASCII of at most 512 characters, else OpenAI refuses the request.
    const correlationId = request.correlationId?.replace(/[^\x21-\x7e]/g, '').slice(0, 512);
    if (correlationId) headers['x-client-request-id'] = correlationId;
    return this.client.post(this.path, { body, stream: true, signal, headers }).asResponse();
  }

  private failureOf(error: unknown, exchange: Exchange, apiKey: string, asked: Asked): ProviderError {
    const reason = exchange.watch.reason;
    // A tool that never answers is no fault of the model API: it must not close it for others.
    const code =
      reason === 'timeout' && exchange.reader.tools.isOneRunning
        ? 'UPSTREAM.TOOL_FAILED'
        : reason && WATCH_CODES[reason];
    const failure =
      code && !(error instanceof ProviderError)
        ? new ProviderError(code, {
            logDetail: `ended by us: ${reason}`,
            usage: exchange.reader.usage,
            // What a tool has begun must not be begun again.
            ...(code === 'UPSTREAM.TOOL_FAILED' ? { kind: 'permanent' as const } : {}),
          })
        : this.explain(error, exchange.answered, apiKey, asked);
    failure.usage ??= exchange.reader.usage;
    failure.serviceTier = exchange.reader.serviceTier;
    failure.partialText = exchange.reader.text;
    failure.toolCalls = exchange.reader.tools.all;
    failure.firstTokenMs = exchange.firstTokenMs;
    failure.totalMs = elapsedMs(exchange);
    return failure;
  }

  private explain(error: unknown, answered: boolean, apiKey: string, asked: Asked): ProviderError {
    return explainFailure(error, { answered, apiKey, sentPromptId: false, sentConversationId: false, ...asked });
  }
}

/** Where the upstream refused to be asked for a tier, it ran the call in none of its own. Null: it was asked, or nobody wanted one. */
const unaskedTier = ({ serviceTier }: CompletionRequest, sent: JsonObject): string | null =>
  serviceTier === undefined || 'service_tier' in sent ? null : 'default';

function announceLimits(headers: Headers, hooks: CompletionHooks): void {
  if (hooks.onRateLimits === undefined) return;
  const limits = readRateLimits(headers);
  if (limits !== null) hooks.onRateLimits(limits);
}
