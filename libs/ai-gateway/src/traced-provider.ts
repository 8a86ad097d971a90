import type { ActiveSpan, SpanAttributes, Tracing } from '@app/platform';
import {
  type CompletionHooks,
  type CompletionProvider,
  type CompletionRequest,
  type CompletionResult,
  type ProviderDescription,
  ProviderError,
} from './provider';

/**
 * Every model call as a span, in the words of OpenTelemetry's conventions for generative AI
 * (https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/). Neither instructions nor messages nor answers are in it.
 */
export class TracedProvider implements CompletionProvider {
  readonly info: ProviderDescription;

  constructor(
    private readonly provider: CompletionProvider,
    private readonly tracing: Tracing,
  ) {
    this.info = provider.info;
  }

  complete(request: CompletionRequest, hooks: CompletionHooks): Promise<CompletionResult> {
    const attributes = requestAttributes(request, this.info);
    return this.tracing.span(`chat ${request.model}`, { kind: 'client', attributes }, async (span) => {
      let extraRequests = 0;
      const counting: CompletionHooks = {
        ...hooks,
        onExtraRequest: (refusal) => {
          extraRequests += 1;
          return hooks.onExtraRequest?.(refusal);
        },
      };
      try {
        const result = await this.provider.complete(request, counting);
        span?.set(answerAttributes(result));
        return result;
      } catch (error) {
        if (error instanceof ProviderError) describeFailure(span, error);
        throw error;
      } finally {
        if (extraRequests > 0) span?.set({ 'parley.extra_requests': extraRequests });
      }
    });
  }

  check(): ReturnType<CompletionProvider['check']> {
    return this.provider.check();
  }
}

function requestAttributes(request: CompletionRequest, { provider, base_url }: ProviderDescription): SpanAttributes {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider === 'simulator' ? 'simulator' : 'openai',
    'gen_ai.request.model': request.model,
    'gen_ai.request.max_tokens': request.maxOutputTokens,
    'gen_ai.request.temperature': request.temperature,
    'server.address': URL.canParse(base_url) ? new URL(base_url).hostname : undefined,
  };
}

function answerAttributes({ model, upstreamId, finish, firstTokenMs, usage }: CompletionResult): SpanAttributes {
  return {
    'gen_ai.response.model': model,
    'gen_ai.response.id': upstreamId,
    'gen_ai.response.finish_reasons': [finish],
    'gen_ai.usage.input_tokens': usage.inputTokens,
    'gen_ai.usage.output_tokens': usage.outputTokens,
    'gen_ai.usage.cache_read.input_tokens': usage.cachedTokens,
    'parley.first_token_ms': firstTokenMs === null ? null : Math.round(firstTokenMs),
  };
}

function describeFailure(span: ActiveSpan | undefined, { httpStatus, usage, firstTokenMs }: ProviderError): void {
  span?.set({
    'http.response.status_code': httpStatus,
    'gen_ai.usage.input_tokens': usage?.inputTokens,
    'gen_ai.usage.output_tokens': usage?.outputTokens,
    'parley.first_token_ms': firstTokenMs === null ? null : Math.round(firstTokenMs),
  });
}
