import { AppError } from '@app/kernel';

/** Also for a persona that exists but is not visible to the caller: it must not tell what others have. */
export const personaNotFound = (id: number): AppError =>
  new AppError(
    'PERSONA.NOT_FOUND',
    404,
    `Persona ${id} was not found. GET /personas lists the personas that you can use.`,
  );

export const personaForbidden = (id: number): AppError =>
  new AppError(
    'PERSONA.FORBIDDEN',
    403,
    `You can use persona ${id} but not change it: only its owner and the owners of its workspace can. POST /personas makes one of your own.`,
  );

export const onlyOwnerMakesPrivate = (id: number): AppError =>
  new AppError(
    'PERSONA.FORBIDDEN',
    403,
    `Only the owner of persona ${id} can make it private: everybody else, you included, would lose it.`,
  );

/** For a message to a persona that was deleted meanwhile. */
export const personaDeleted = (id: number): AppError =>
  new AppError(
    'PERSONA.DELETED',
    409,
    `Persona ${id} was deleted. Start a conversation with another one; GET /personas lists them.`,
  );

export const personaVersionNotFound = (id: number, version: number): AppError =>
  new AppError(
    'PERSONA.VERSION_NOT_FOUND',
    404,
    `Persona ${id} has no version ${version}. GET /personas/${id}/versions lists its versions.`,
  );

export const personaVersionConflict = (id: number, expected: number, current: number): AppError =>
  new AppError(
    'PERSONA.VERSION_CONFLICT',
    409,
    `Persona ${id} is at version ${current}, not ${expected}: somebody changed it. Read it again, then repeat your change with expected_version ${current}.`,
  );

export const personaVersionInUse = (id: number, version: number, status: string): AppError =>
  new AppError(
    'PERSONA.VERSION_IN_USE',
    409,
    `Version ${version} of persona ${id} is ${status}: it has answered, so it is kept. Only drafts can be deleted.`,
  );

export const experimentNotFound = (personaId: number, id: number): AppError =>
  new AppError(
    'PERSONA.EXPERIMENT_NOT_FOUND',
    404,
    `Persona ${personaId} has no experiment ${id}. GET /personas/${personaId}/experiments lists its experiments.`,
  );

export const experimentRunning = (personaId: number, running: number | string): AppError =>
  new AppError(
    'PERSONA.EXPERIMENT_RUNNING',
    409,
    `Experiment ${running} of persona ${personaId} is still running, and only one can. Stop it with POST /personas/${personaId}/experiments/${running}/stop.`,
  );

export const experimentStopped = (personaId: number, id: number): AppError =>
  new AppError(
    'PERSONA.EXPERIMENT_STOPPED',
    409,
    `Experiment ${id} of persona ${personaId} was stopped already. POST /personas/${personaId}/versions/{version}/publish makes a version current.`,
  );

export const workspaceNotFound = (id: number): AppError =>
  new AppError(
    'WORKSPACE.NOT_FOUND',
    404,
    `Workspace ${id} was not found. GET /auth/me lists the workspaces that you are a member of.`,
  );
