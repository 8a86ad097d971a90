import { AppError, badInput } from '@app/kernel';
import type { ProviderError } from '../../provider';

export const noConversationState = (conversationId: number): AppError =>
  new AppError(
    'CONVERSATION_STATE.NOT_AVAILABLE',
    409,
    `Conversation ${conversationId} is stateless: its context is kept here only. Set conversation_state of its persona or its workspace to ` +
      '"conversation" or "hybrid" first; with OPENAI_API=chat there are no conversations at the upstream.',
  );

export const noCopy = (conversationId: number): AppError =>
  new AppError(
    'CONVERSATION_STATE.NO_COPY',
    404,
    `Conversation ${conversationId} has no copy at the upstream now. POST /chat/conversations/${conversationId}/openai makes one, and so does the next message.`,
  );

export const historyInMotion = (conversationId: number): AppError =>
  new AppError(
    'CONVERSATION_STATE.BUSY',
    409,
    `Conversation ${conversationId} is answering a message at this moment. Try again when it is answered.`,
    { retryAfterSeconds: 5 },
  );

/** In our words only: those of an upstream can name keys, models and limits. */
export function upstreamProblem(error: ProviderError): AppError {
  if (error.code === 'UPSTREAM.BAD_REQUEST' && error.refusedField === 'after') {
    return badInput('after', 'names no item of this conversation. Take last_id of the page before.');
  }
  return error.kind === 'retryable'
    ? new AppError(error.code, 503, 'The AI cannot be reached right now. Try again in a moment.', {
        retryAfterSeconds: 5,
        cause: error,
      })
    : new AppError(
        error.code,
        502,
        'The AI refused this request. GET /chat/health says whether it works; an administrator finds the reason in the log.',
        { cause: error },
      );
}
