import { ParleyError } from '@parley/client';

/** Which of the texts says it. */
export type ErrorText =
  | 'errorKeyRequired'
  | 'errorKeyUnknown'
  | 'errorClosed'
  | 'errorOrigin'
  | 'errorIdentity'
  | 'errorTooMany'
  | 'errorTooLong'
  | 'errorEnded'
  | 'errorGone'
  | 'errorUnreachable'
  | 'errorBudget'
  | 'errorStillAnswering'
  | 'errorNotSent'
  | 'errorUnknown';

const BY_CODE: Record<string, ErrorText> = {
  'SUPPORT.KEY_REQUIRED': 'errorKeyRequired',
  'SUPPORT.KEY_UNKNOWN': 'errorKeyUnknown',
  'SUPPORT.CLOSED': 'errorClosed',
  'SUPPORT.ORIGIN_REFUSED': 'errorOrigin',
  'SOCKET.ORIGIN': 'errorOrigin',
  'SUPPORT.IDENTITY_REQUIRED': 'errorIdentity',
  'SUPPORT.IDENTITY_INVALID': 'errorIdentity',
  'REQUEST.TOO_MANY': 'errorTooMany',
  RATE_LIMITED: 'errorTooMany',
  'SOCKET.TOO_MANY': 'errorTooMany',
  'CONVERSATION.TOO_MANY_PENDING': 'errorTooMany',
  'REQUEST.TOO_LARGE': 'errorTooLong',
  'SESSION.ENDED': 'errorEnded',
  'CONVERSATION.CLOSED': 'errorEnded',
  'SESSION.NOT_FOUND': 'errorGone',
  'CLIENT.UNREACHABLE': 'errorUnreachable',
  'CLIENT.NO_ANSWER': 'errorUnreachable',
  'CLIENT.TIMEOUT': 'errorNotSent',
  'TURN.STILL_OPEN': 'errorStillAnswering',
};

/** What happened, in words for somebody who has never seen a status code. */
export function plainError(error: unknown): ErrorText {
  if (!(error instanceof ParleyError)) return 'errorUnknown';
  const known = BY_CODE[error.code];
  if (known !== undefined) return known;
  if (error.code.startsWith('BUDGET.')) return 'errorBudget';
  if (error.status === 429) return 'errorTooMany';
  return error.status >= 502 && error.status <= 504 ? 'errorUnreachable' : 'errorUnknown';
}

export const codeOf = (error: unknown): string => (error instanceof ParleyError ? error.code : '');
