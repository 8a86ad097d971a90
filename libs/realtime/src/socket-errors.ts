import type { SocketError } from '@app/contracts';
import { AppError } from '@app/kernel';
import { databaseProblem } from '@app/platform';

/** The handshake or a `join-chat` says nothing that could be looked for. */
export const nothingNamed = (): AppError =>
  new AppError(
    'REQUEST.INVALID',
    422,
    'sessionId: is missing. Send the id of a session, or log in and send a conversationId.',
    {
      errors: [{ field: 'sessionId', message: 'is missing.' }],
    },
  );

export const notJoined = (): AppError =>
  new AppError('SOCKET.NOT_JOINED', 409, 'This socket does not follow that conversation. Send join-chat first.');

export const escalationNotJoined = (): AppError =>
  new AppError('SOCKET.NOT_JOINED', 409, 'This socket does not follow that escalation. Send join-escalation first.');

export const conversationGone = (id: number): AppError =>
  new AppError('CONVERSATION.NOT_FOUND', 404, `Conversation ${id} was not found.`);

export const loginNeeded = (): AppError =>
  new AppError(
    'AUTH.REQUIRED',
    401,
    'This needs a login: connect with auth: {token}, an access token of POST /auth/login.',
  );

export const joinTimedOut = (): AppError =>
  new AppError('SOCKET.JOIN_TIMEOUT', 408, 'This socket joined nothing in time. Connect again and send join-chat.');

export const tooManyRooms = (limit: number): AppError =>
  new AppError(
    'SOCKET.TOO_MANY_ROOMS',
    429,
    `One socket follows at most ${limit} conversations. Send leave-chat first.`,
  );

export const tooManyEscalations = (limit: number): AppError =>
  new AppError(
    'SOCKET.TOO_MANY_ROOMS',
    429,
    `One socket follows at most ${limit} escalations. Send leave-escalation first.`,
  );

export const tooManySockets = (whose: string, limit: number): AppError =>
  new AppError('SOCKET.TOO_MANY', 429, `There are already ${limit} sockets ${whose}. Close one and try again.`, {
    retryAfterSeconds: 5,
  });

export const unknownEvent = (name: string): AppError =>
  new AppError(
    'SOCKET.UNKNOWN_EVENT',
    404,
    `There is no event ${JSON.stringify(name.slice(0, 50))}. See docs/realtime.md.`,
  );

export const tooFast = (limit: number, retryAfterSeconds: number): AppError =>
  new AppError(
    'RATE_LIMITED',
    429,
    `Too many events: one socket may send ${limit} within ten seconds. Try again in ${retryAfterSeconds} seconds.`,
    { retryAfterSeconds },
  );

export const tooManyFailures = (limit: number, retryAfterSeconds: number): AppError =>
  new AppError(
    'RATE_LIMITED',
    429,
    `${limit} tokens or session ids of this network were wrong within a minute. Try again in ${retryAfterSeconds} seconds.`,
    { retryAfterSeconds },
  );

export const flooding = (): AppError =>
  new AppError('RATE_LIMITED', 429, 'This socket went on although it was told to wait, so it is closed.', {
    retryAfterSeconds: 10,
  });

export const tooSlow = (): AppError =>
  new AppError(
    'SOCKET.TOO_SLOW',
    408,
    'This client does not read what it is sent. Connect again and send join-chat with lastSeq.',
  );

export const unreadable = (): AppError =>
  new AppError(
    'REQUEST.INVALID',
    400,
    'This is no packet of Socket.IO, or it carries binary data, which is not taken here.',
  );

export const tooLarge = (limit: number): AppError =>
  new AppError('REQUEST.TOO_LARGE', 413, `This packet is larger than ${limit} characters.`);

export const originRefused = (): AppError =>
  new AppError(
    'SOCKET.ORIGIN',
    403,
    'Pages of this origin may not use this. Name it in CORS_ORIGINS, or among the allowed origins of the support door.',
  );

export const handshakeInvalid = (field: string): AppError =>
  new AppError('REQUEST.INVALID', 422, `auth.${field}: must be a text.`, {
    errors: [{ field: `auth.${field}`, message: 'must be a text.' }],
  });

export const handshakeTwice = (): AppError =>
  new AppError('SOCKET.BUSY', 409, 'The handshake before is not answered yet. Wait for it.');

export const tokenExpiring = (expiresAtMs: number): AppError =>
  new AppError(
    'AUTH.TOKEN_EXPIRING',
    401,
    `The access token ends at ${new Date(expiresAtMs).toISOString()}. Get a new one with POST /auth/refresh and send it with the event authenticate.`,
  );

export const tokenExpired = (): AppError =>
  new AppError(
    'AUTH.TOKEN_EXPIRED',
    401,
    'The access token has expired. Get a new one with POST /auth/refresh and connect again.',
  );

export const accessRevoked = (): AppError =>
  new AppError('AUTH.LOGIN_ENDED', 401, 'This login has ended. Log in again with POST /auth/login.');

export const otherUser = (): AppError =>
  new AppError('AUTH.OTHER_USER', 403, 'This token is of another user. Open a socket of its own with it.');

export const turnElsewhere = (id: number): AppError =>
  new AppError('TURN.NOT_FOUND', 404, `Turn ${id} is in another conversation.`);

export const messageElsewhere = (id: number): AppError =>
  new AppError('MESSAGE.NOT_FOUND', 404, `Message ${id} is in another conversation.`);

export const sessionErased = (): AppError =>
  new AppError('SESSION.NOT_FOUND', 404, 'This session is erased. Begin a new one.');

export const serverEnding = (): AppError =>
  new AppError('SERVER.ENDING', 503, 'This server is restarting. Connect again; another one answers.', {
    retryAfterSeconds: 1,
  });

const internal = (): AppError =>
  new AppError('INTERNAL', 500, 'Something went wrong on our side. Try again in a moment.');

/** What the caller may see of an error; `isUnknown` ones belong in the log. */
export function publicError(error: unknown): { error: AppError; isUnknown: boolean } {
  if (error instanceof AppError) return { error, isUnknown: error.status >= 500 && error.extra.cause !== undefined };
  const problem = databaseProblem(error);
  return problem === undefined ? { error: internal(), isUnknown: true } : { error: problem, isUnknown: true };
}

export function toSocketError(error: AppError, event?: string): SocketError {
  const { errors, retryAfterSeconds } = error.extra;
  return {
    code: error.code,
    detail: error.detail,
    ...(errors?.[0] === undefined ? {} : { field: errors[0].field }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfter: retryAfterSeconds }),
    ...(event === undefined ? {} : { event }),
  };
}
