import { AppError } from '@app/kernel';

/** The same for one that is not there and one of a workspace that the caller is no member of. */
export const clientNotFound = (id: number): AppError =>
  new AppError('CLIENT.NOT_FOUND', 404, `Client ${id} was not found. GET /clients lists those that you can see.`);

export const workspaceNotFound = (id: number): AppError =>
  new AppError('WORKSPACE.NOT_FOUND', 404, `Workspace ${id} was not found. GET /auth/me lists yours.`);

export const externalIdTaken = (): AppError =>
  new AppError(
    'CLIENT.EXTERNAL_ID_TAKEN',
    409,
    'external_id: another client of this workspace has it. Find it with GET /clients?external_id=….',
  );

export const clientOfColleagues = (id: number): AppError =>
  new AppError(
    'CLIENT.FORBIDDEN',
    403,
    `Client ${id} has sessions with other members, which would be erased, too. Only an owner of the workspace can delete it.`,
  );
