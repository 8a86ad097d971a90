import { APIError } from 'openai';
import { classifyConnectionFailure } from './connection-failure';
import { classifyUpstreamFailure } from './error-classifier';
import { ProviderError } from './provider.error';
import type { SentContent } from './request-content';

/** What is known about a request that failed. */
export interface FailedRequest {
  /** Whether response headers had arrived. */
  answered: boolean;
  sentPromptId: boolean;
  /** Whether it named a conversation of the upstream. */
  sentConversationId: boolean;
  /** What else it carried that a complaint may be about. */
  sent?: SentContent;
  /** To be redacted. */
  apiKey: string;
}

/** Makes a coded failure of whatever the client threw. */
export function explainFailure(error: unknown, request: FailedRequest): ProviderError {
  if (error instanceof ProviderError) return error;
  if (error instanceof APIError && typeof error.status === 'number') {
    return classifyUpstreamFailure({
      status: error.status,
      error: error.error,
      headers: error.headers instanceof Headers ? error.headers : null,
      sentPromptId: request.sentPromptId,
      sentConversationId: request.sentConversationId,
      sent: request.sent,
      apiKey: request.apiKey,
    });
  }
  if (error instanceof RangeError) return new ProviderError('UPSTREAM.BAD_ANSWER', { logDetail: error.message });
  return classifyConnectionFailure(error, request.answered, request.apiKey);
}

/** Whether a request ended because its signal was aborted. */
export function isAbort(error: unknown): boolean {
  return (
    error instanceof Error && /abort|timed? ?out/i.test(`${error.name} ${error.message} ${error.constructor.name}`)
  );
}
