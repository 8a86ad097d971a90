import { AnswerReader, type EventMeaning } from './answer-reader';
import { classifyUpstreamFailure } from './error-classifier';
import { ProviderError } from './provider.error';
import type { SseEvent } from './sse-parser';
import { listOf, nameOf, objectOf, parseJson, stringOf, type JsonObject } from './untyped-json';
import { usageFromChat } from './usage';

/**
 * Reads the chunks of Chat Completions. A `finish_reason` completes the answer; `[DONE]` (or the end of the stream, for
 * servers that leave it out) ends the reading, since the usage comes between the two.
 */
export class ChatReader extends AnswerReader {
  accept(event: SseEvent): EventMeaning {
    if (event.data === '[DONE]') {
      this.isDone = true;
      return 'none';
    }
    const chunk = objectOf(parseJson(event.data));
    if (!chunk) throw this.nonsense('an event is not a JSON object');
    this.readEnvelope(chunk, event.name);
    // An error after the finish_reason cannot take back an answer that is complete.
    const choice = this.firstChoice(chunk);
    if (!choice) return 'none';
    const meaning = this.readMessage(objectOf(choice.delta) ?? objectOf(choice.message));
    this.readFinish(choice);
    return meaning;
  }

  acceptWhole(body: unknown): void {
    const completion = objectOf(body);
    if (!completion) throw this.nonsense('the answer is not a JSON object');
    this.readEnvelope(completion, null);
    const choice = this.firstChoice(completion);
    if (!choice) throw this.nonsense('the answer has no choices');
    this.readMessage(objectOf(choice.message));
    this.readFinish({ ...choice, finish_reason: choice.finish_reason ?? 'stop' });
    this.isDone = true;
  }

  private readEnvelope(chunk: JsonObject, eventName: string | null): void {
    this.usage = usageFromChat(chunk.usage) ?? this.usage;
    this.model ??= nameOf(chunk.model);
    this.readServiceTier(chunk.service_tier);
    this.upstreamId ??= nameOf(chunk.id);
    const isError = Boolean(chunk.error) || eventName === 'error' || chunk.object === 'error';
    if (isError && !this.isComplete) {
      throw classifyUpstreamFailure({ status: null, error: chunk, usage: this.usage, ...this.context });
    }
  }

  private firstChoice(chunk: JsonObject): JsonObject | null {
    return (
      listOf(chunk.choices)
        .map(objectOf)
        .find((choice) => choice !== null && (choice.index ?? 0) === 0) ?? null
    );
  }

  private readMessage(message: JsonObject | null): EventMeaning {
    if (!message) return 'none';
    const text = this.add(stringOf(message.content));
    const refusal = stringOf(message.refusal);
    if (refusal) {
      this.isRefusal = true;
      return this.add(refusal);
    }
    if (text === 'content') return text;
    // Servers of reasoning models stream their thoughts under one of these names.
    return stringOf(message.reasoning_content) || stringOf(message.reasoning) ? 'activity' : 'none';
  }

  private readFinish(choice: JsonObject): void {
    const reason = stringOf(choice.finish_reason);
    if (!reason) return;
    if (reason === 'content_filter') {
      throw new ProviderError('UPSTREAM.CONTENT_FILTERED', {
        usage: this.usage,
        logDetail: 'cut by the content filter',
      });
    }
    this.finish = reason === 'length' ? 'max_tokens' : 'stop';
  }
}
