import { AppError } from '@app/kernel';

export const letterNotFound = (id: number): AppError =>
  new AppError(
    'CHANNEL.INBOX_NOT_FOUND',
    404,
    `Item ${id} was not found in the inbox. GET /channels/{channel_id}/inbox lists what came in; it is kept for 30 days after it was settled or given up.`,
  );

export const letterNotDead = (id: number): AppError =>
  new AppError('CHANNEL.INBOX_NOT_DEAD', 409, `Item ${id} was not given up, so there is nothing to try again.`);

export const threadNotFound = (conversationId: number): AppError =>
  new AppError('CHANNEL.THREAD_NOT_FOUND', 404, `Conversation ${conversationId} is not one of this channel.`);

export const aiNotStopped = (conversationId: number): AppError =>
  new AppError(
    'CHANNEL.AI_NOT_STOPPED',
    409,
    `In conversation ${conversationId} the AI was not stopped by a message from another program. What people have taken in the inbox is given back there.`,
  );

export const withTeam = (conversationId: number): AppError =>
  new AppError(
    'CHANNEL.WITH_TEAM',
    409,
    `Conversation ${conversationId} is in the inbox of escalations. Resolve it there, or give it back.`,
  );

export const fileNotFound = (id: number): AppError =>
  new AppError('CHANNEL.FILE_NOT_FOUND', 404, `File ${id} was not found. It may be erased with its conversation.`);
