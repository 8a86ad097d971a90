import { AppError } from '@app/kernel';

/** The same for one that is not there: whether a workspace exists is its members' business. */
export const workspaceNotFound = (id: number): AppError =>
  new AppError('WORKSPACE.NOT_FOUND', 404, `Workspace ${id} was not found. GET /workspaces lists yours.`);

export const workspaceOwnersOnly = (id: number): AppError =>
  new AppError('WORKSPACE.FORBIDDEN', 403, `Only an owner may change workspace ${id}. Ask one of its owners.`);
