import { AppError, badInput } from '@app/kernel';

/** The same for one that is not there and one that is somebody else's. */
export const sessionNotFound = (): AppError =>
  new AppError('SESSION.NOT_FOUND', 404, 'There is no such session. Check its id, or begin a new one.');

export const sessionEnded = (reason: 'ended' | 'timeout' | 'erased'): AppError =>
  new AppError(
    'SESSION.ENDED',
    409,
    reason === 'timeout'
      ? 'This session ended because nothing was said for too long. Reopen it, or begin a new one.'
      : 'This session has ended. Reopen it, or begin a new one.',
  );

export const personaOfOtherWorkspace = (): AppError =>
  badInput(
    'persona_id',
    'belongs to another workspace than the client. Take a persona of its workspace, or add the client there.',
  );
