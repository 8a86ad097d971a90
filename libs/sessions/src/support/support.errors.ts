import { AppError } from '@app/kernel';

export const supportKeyUnknown = (): AppError =>
  new AppError(
    'SUPPORT.KEY_UNKNOWN',
    401,
    'This key belongs to no support chat. GET /workspaces/{workspace_id}/support-door shows its owners the one that counts.',
  );

export const supportKeyRequired = (): AppError =>
  new AppError(
    'SUPPORT.KEY_REQUIRED',
    401,
    'Send the public key of a support chat in the header X-Parley-Key, or as publicKey in the body.',
  );

/** Switched off, removed, or without a persona that answers. */
export const supportClosed = (): AppError =>
  new AppError('SUPPORT.CLOSED', 403, 'This support chat is closed at the moment. Try again later.');

export const originRefused = (origin: string): AppError =>
  new AppError(
    'SUPPORT.ORIGIN_REFUSED',
    403,
    `Origin: pages of ${origin.slice(0, 200)} may not use this support chat. Its owner can add them to allowed_origins.`,
  );

export const identityRequired = (): AppError =>
  new AppError(
    'SUPPORT.IDENTITY_REQUIRED',
    401,
    'This support chat is for signed-in visitors only. Send userId with userHash, or userToken.',
  );

export const identityInvalid = (reason: string): AppError => new AppError('SUPPORT.IDENTITY_INVALID', 401, reason);

/** What their proofs are checked with cannot be decrypted. */
export const identityNotChecked = (): AppError =>
  new AppError(
    'SUPPORT.IDENTITY_NOT_CHECKED',
    503,
    'Proofs of visitors cannot be checked now. Its operator must put the missing key back into ENCRYPTION_KEYS, or its owner make a new identity secret.',
  );

export const tooMany = (what: string, limit: number, seconds: number): AppError =>
  new AppError(
    'REQUEST.TOO_MANY',
    429,
    `Too many ${what}: ${limit} a minute are taken. Try again in ${seconds} seconds.`,
    {
      retryAfterSeconds: seconds,
    },
  );

export const supportDoorNotFound = (workspaceId: number): AppError =>
  new AppError(
    'SUPPORT.DOOR_NOT_FOUND',
    404,
    `Workspace ${workspaceId} has no support chat. PUT /workspaces/${workspaceId}/support-door makes one.`,
  );
