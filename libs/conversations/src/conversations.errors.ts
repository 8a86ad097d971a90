import { AppError } from '@app/kernel';

export const conversationNotFound = (id: number): AppError =>
  new AppError('CONVERSATION.NOT_FOUND', 404, `Conversation ${id} was not found. GET /chat/conversations lists yours.`);

export const conversationForbidden = (id: number): AppError =>
  new AppError(
    'CONVERSATION.FORBIDDEN',
    403,
    `Conversation ${id} belongs to somebody else. GET /chat/conversations lists yours.`,
  );

export const conversationClosed = (id: number): AppError =>
  new AppError(
    'CONVERSATION.CLOSED',
    409,
    `Conversation ${id} is not active. Set is_active to true with PUT /chat/conversations/${id}, or start a new one.`,
  );

/** Of a session: it is the session that has ended. */
export const sessionOver = (id: number): AppError =>
  new AppError(
    'SESSION.ENDED',
    409,
    `The session that conversation ${id} belongs to has ended. Reopen it, or begin a new one.`,
  );

/** What the session decides cannot be changed behind its back. */
export const belongsToSession = (id: number, field: 'persona_id' | 'is_active'): AppError =>
  new AppError(
    'CONVERSATION.OF_SESSION',
    409,
    field === 'is_active'
      ? `is_active: conversation ${id} belongs to a session. End or reopen that one, with POST /sessions/{session_id}/end or …/reopen.`
      : `persona_id: conversation ${id} belongs to a session, which keeps its persona. Start a session with the other one.`,
  );

/** A model would talk over the person who answers. */
export const answeredByPerson = (id: number): AppError =>
  new AppError(
    'CONVERSATION.WITH_PERSON',
    409,
    `A person of the team answers in conversation ${id} now, so no model is asked. Say something instead.`,
  );

export const tooManyPendingTurns = (limit: number): AppError =>
  new AppError(
    'CONVERSATION.TOO_MANY_PENDING',
    429,
    `This conversation already has ${limit} unanswered messages. Wait for a reply and try again.`,
    {
      retryAfterSeconds: 5,
    },
  );

export const personaInOtherWorkspace = (): AppError =>
  new AppError(
    'REQUEST.INVALID',
    422,
    'persona_id: belongs to another workspace. Start a new conversation with that persona.',
    {
      errors: [
        { field: 'persona_id', message: 'belongs to another workspace. Start a new conversation with that persona.' },
      ],
    },
  );

export const messageNotFound = (id: number): AppError =>
  new AppError('MESSAGE.NOT_FOUND', 404, `Message ${id} was not found.`);
export const messageForbidden = (id: number): AppError =>
  new AppError('MESSAGE.FORBIDDEN', 403, `Message ${id} is in a conversation of somebody else.`);

export const turnNotFound = (id: number): AppError => new AppError('TURN.NOT_FOUND', 404, `Turn ${id} was not found.`);
export const turnForbidden = (id: number): AppError =>
  new AppError('TURN.FORBIDDEN', 403, `Turn ${id} is in a conversation of somebody else.`);

export const idempotencyMismatch = (): AppError =>
  new AppError(
    'IDEMPOTENCY.MISMATCH',
    422,
    'Idempotency-Key: was used in this conversation with another content. Use a new key for a new message.',
    { errors: [{ field: 'Idempotency-Key', message: 'was used in this conversation with another content.' }] },
  );

export const messageNotEditable = (id: number): AppError =>
  new AppError(
    'MESSAGE.NOT_EDITABLE',
    409,
    `Message ${id} is a reply. Edit the message that it answers, or make another reply with POST /chat/messages/${id}/regenerate.`,
  );
export const messageNotOfModel = (id: number): AppError =>
  new AppError(
    'MESSAGE.NOT_OF_MODEL',
    409,
    `Message ${id} was written by a person of the team, or is a notice. Only what a model says can be said anew.`,
  );
export const messageNotRatable = (id: number): AppError =>
  new AppError('MESSAGE.NOT_RATABLE', 409, `Message ${id} is not a reply. Only replies can be rated.`);
export const messageNotCurrent = (id: number): AppError =>
  new AppError(
    'MESSAGE.NOT_CURRENT',
    409,
    `Message ${id} is in a branch that was replaced by an edit. GET /chat/messages/${id}/siblings shows what counts now.`,
  );

export const turnStillOpen = (turnId: number): AppError =>
  new AppError(
    'TURN.STILL_OPEN',
    409,
    `Turn ${turnId} is still answering this message. Wait for it, or stop it with POST /chat/turns/${turnId}/cancel.`,
  );
export const tooManyStreams = (limit: number): AppError =>
  new AppError('TURN.TOO_MANY_STREAMS', 429, `You already have ${limit} event streams open. Close one and try again.`, {
    retryAfterSeconds: 5,
  });
