import type { AnswerReader, ReaderContext } from './answer-reader';
import { needsReasoningOffForTemperature } from './model-traits';
import { OpenAIProvider } from './openai-provider';
import type { CompletionRequest, StoredPrompt } from './provider.port';
import { messageOf } from './responses-message';
import { ResponsesReader } from './responses-reader';
import type { JsonObject } from './untyped-json';

/** Answers through `POST /responses`, OpenAI's current API. */
export class OpenAIResponsesProvider extends OpenAIProvider {
  protected readonly path = '/responses';

  protected bodyOf(request: CompletionRequest): JsonObject {
    const { model, instructions, input, temperature, maxOutputTokens, safetyIdentifier, promptCacheKey } = request;
    const prompt = request.prompt === undefined ? defaultPrompt(this.options.promptId) : request.prompt;
    const body: JsonObject = {
      model,
      input: input.map(messageOf),
      stream: true,
    };
    if (request.conversationId !== undefined) body.conversation = request.conversationId;
    // Our database is the memory then; nothing of a conversation is to stay with the upstream.
    else body.store = false;
    if (instructions) body.instructions = instructions;
    if (prompt) body.prompt = prompt;
    if (request.tools?.length) {
      body.tools = request.tools;
      // Without it, what code has printed is not in the answer.
      if (request.tools.some(({ type }) => type === 'code_interpreter')) {
        body.include = ['code_interpreter_call.outputs'];
      }
    }
    if (request.responseFormat) body.text = { format: { type: 'json_schema', ...request.responseFormat } };
    if (request.metadata && Object.keys(request.metadata).length > 0) body.metadata = request.metadata;
    if (request.serviceTier !== undefined) body.service_tier = request.serviceTier;
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

const defaultPrompt = (id: string | undefined): StoredPrompt | null => (id === undefined || id === '' ? null : { id });
