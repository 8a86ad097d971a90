import { AnswerReader, type EventMeaning } from './answer-reader';
import { classifyUpstreamFailure } from './error-classifier';
import { ProviderError } from './provider.error';
import type { SseEvent } from './sse-parser';
import { citationsIn } from './tool-calls';
import { listOf, nameOf, objectOf, parseJson, stringOf, type JsonObject } from './untyped-json';
import { usageFromResponses } from './usage';

/** Events that only repeat what others carry; some echo the whole prompt, so parsing them is the costly part of a stream. */
const REPEATING = new Set([
  'response.created',
  'response.in_progress',
  'response.queued',
  'response.output_text.done',
  'response.refusal.done',
]);

/** Reads the events of the Responses API. Event types it does not know are ignored: new ones appear without notice. */
export class ResponsesReader extends AnswerReader {
  accept(event: SseEvent): EventMeaning {
    if (event.name !== null && REPEATING.has(event.name)) return 'none';
    if (event.data === '[DONE]') return 'none';
    const data = objectOf(parseJson(event.data));
    if (!data) throw this.nonsense('an event is not a JSON object');
    const type = stringOf(data.type) ?? event.name ?? (data.error ? 'error' : '');
    switch (type) {
      case 'response.output_text.delta':
        return this.add(stringOf(data.delta));
      case 'response.refusal.delta':
        this.isRefusal = true;
        return this.add(stringOf(data.delta));
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
      case 'response.cancelled':
        this.settle(objectOf(data.response) ?? {}, type.slice('response.'.length));
        return 'none';
      case 'error':
        throw this.failure(data);
      default:
        return this.tools.acceptEvent(type, data) || isSignOfLife(type) ? 'activity' : 'none';
    }
  }

  acceptWhole(body: unknown): void {
    const response = objectOf(body);
    if (!response) throw this.nonsense('the answer is not a JSON object');
    if (response.error && !response.status) throw this.failure(response);
    if (!Array.isArray(response.output)) throw this.nonsense('the answer has no output');
    this.settle(response, stringOf(response.status) ?? 'completed');
  }

  private settle(response: JsonObject, status: string): void {
    this.isDone = true;
    this.usage = usageFromResponses(response.usage);
    this.model = nameOf(response.model);
    this.readServiceTier(response.service_tier);
    this.upstreamId = nameOf(response.id);
    if (status === 'failed' || (status === 'completed' && objectOf(response.error))) throw this.failure(response);
    if (status === 'cancelled') {
      throw new ProviderError('UPSTREAM.CUT', { logDetail: 'the upstream cancelled the response', usage: this.usage });
    }
    this.takeMissingText(response);
    this.tools.acceptOutput(response.output);
    this.citations = citationsIn(response.output);
    if (status !== 'incomplete') {
      this.finish = 'stop';
      return;
    }
    const reason = stringOf(objectOf(response.incomplete_details)?.reason);
    if (reason === 'content_filter') {
      throw new ProviderError('UPSTREAM.CONTENT_FILTERED', {
        usage: this.usage,
        logDetail: 'cut by the content filter',
      });
    }
    this.finish = 'max_tokens';
  }

  /** The final response repeats the whole text; servers that send few or no deltas deliver the rest of it only here. */
  private takeMissingText(response: JsonObject): void {
    let whole = '';
    let hasRefusal = false;
    for (const item of listOf(response.output)) {
      for (const part of listOf(objectOf(item)?.content)) {
        const content = objectOf(part);
        if (content?.type === 'output_text') whole += stringOf(content.text) ?? '';
        if (content?.type === 'refusal') {
          hasRefusal = true;
          whole += stringOf(content.refusal) ?? '';
        }
      }
    }
    if (this.addRestOf(whole)) this.isRefusal ||= hasRefusal;
  }

  private failure(data: JsonObject): ProviderError {
    return classifyUpstreamFailure({
      status: null,
      error: objectOf(data.error) ?? data,
      usage: this.usage,
      ...this.context,
    });
  }
}

function isSignOfLife(type: string): boolean {
  return type.endsWith('.delta') || type.startsWith('response.reasoning') || type.startsWith('response.output_item');
}
