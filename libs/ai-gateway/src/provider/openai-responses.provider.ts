import type { AnswerReader, ReaderContext } from './answer-reader';
import { needsReasoningOffForTemperature } from './model-traits';
import { OpenAIProvider } from './openai-provider';
import type { CompletionRequest } from './provider.port';
import { ResponsesReader } from './responses-reader';
import type { JsonObject } from './untyped-json';

/** Answers through `POST /responses`, OpenAI's current API. */
export class OpenAIResponsesProvider extends OpenAIProvider {
  protected readonly path = '/responses';

  protected bodyOf(request: CompletionRequest): JsonObject {
    const { model, instructions, input, temperature, maxOutputTokens, safetyIdentifier, promptCacheKey } = request;
    const promptId = request.promptId ?? this.options.promptId;
    const body: JsonObject = {
      model,
      input: input.map(({ role, content }) => ({ role, content })),
      stream: true,
      // Our database is the memory; nothing of a conversation is to stay with the upstream.
      store: false,
    };
    if (instructions) body.instructions = instructions;
    if (promptId) body.prompt = { id: promptId };
    if (maxOutputTokens !== undefined) body.max_output_tokens = maxOutputTokens;
    if (temperature !== undefined) {
      body.temperature = temperature;
      if (needsReasoningOffForTemperature(model)) body.reasoning = { effort: 'none' };
    }
    if (safetyIdentifier && this.options.provider === 'openai') body.safety_identifier = safetyIdentifier.slice(0, 64);
    if (promptCacheKey && this.options.provider === 'openai') body.prompt_cache_key = promptCacheKey.slice(0, 64);
    return body;
  }

  protected readerFor(context: ReaderContext): AnswerReader {
    return new ResponsesReader(context);
  }
}
