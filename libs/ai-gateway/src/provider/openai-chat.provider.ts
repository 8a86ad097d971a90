import type { AnswerReader, ReaderContext } from './answer-reader';
import { ChatReader } from './chat-reader';
import { needsReasoningOffForTemperature } from './model-traits';
import { OpenAIProvider } from './openai-provider';
import type { CompletionRequest, PromptMessage } from './provider.port';
import type { JsonObject } from './untyped-json';

/**
 * Answers through `POST /chat/completions`, which nearly every compatible server speaks. It has neither hosted tools nor stored prompts, and
 * metadata only for answers that are stored.
 */
export class OpenAIChatProvider extends OpenAIProvider {
  protected readonly path = '/chat/completions';

  protected bodyOf(request: CompletionRequest): JsonObject {
    const { model, instructions, input, temperature, maxOutputTokens, safetyIdentifier, promptCacheKey } = request;
    const isCompatible = this.options.provider === 'compatible';
    const body: JsonObject = {
      model,
      messages: [
        // "system" and not "developer": every server knows it, and OpenAI's models treat both alike.
        ...(instructions ? [{ role: 'system', content: instructions }] : []),
        ...input.map(messageOf),
      ],
      stream: true,
      stream_options: { include_usage: true },
    };
    // OpenAI stores chat completions of new accounts unless told otherwise; compatible servers do not know the field.
    if (!isCompatible) body.store = false;
    const { responseFormat } = request;
    if (responseFormat) body.response_format = { type: 'json_schema', json_schema: responseFormat };
    if (request.serviceTier !== undefined) body.service_tier = request.serviceTier;
    if (maxOutputTokens !== undefined) body[isCompatible ? 'max_tokens' : 'max_completion_tokens'] = maxOutputTokens;
    if (temperature !== undefined) {
      body.temperature = temperature;
      if (needsReasoningOffForTemperature(model)) body.reasoning_effort = 'none';
    }
    if (safetyIdentifier && this.options.provider === 'openai') body.safety_identifier = safetyIdentifier.slice(0, 64);
    if (promptCacheKey && this.options.provider === 'openai') body.prompt_cache_key = promptCacheKey.slice(0, 64);
    return body;
  }

  protected readerFor(context: ReaderContext): AnswerReader {
    return new ChatReader(context);
  }
}

const messageOf = ({ role, content }: PromptMessage): JsonObject => ({
  role,
  content:
    typeof content === 'string'
      ? content
      : content.map((part) =>
          part.type === 'text'
            ? { type: 'text', text: part.text }
            : { type: 'image_url', image_url: { url: part.url, detail: part.detail ?? 'auto' } },
        ),
});
