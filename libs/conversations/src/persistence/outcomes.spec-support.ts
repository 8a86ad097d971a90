import type { Outcome } from './turn-work';

/** How an attempt ends its turn with a reply of the model; `message` says what of the reply is different. */
export const aReply = (content: string, message: Partial<Outcome['message']> = {}): Outcome => ({
  status: 'completed',
  errorCode: null,
  lastEvent: null,
  message: {
    status: 'completed',
    content,
    personaVersionId: null,
    tokensUsed: 5,
    modelUsed: 'm',
    responseTimeMs: 10,
    usage: null,
    ...message,
  },
});
