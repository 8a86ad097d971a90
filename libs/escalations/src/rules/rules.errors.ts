import { AppError } from '@app/kernel';

export const rulesNotFound = (workspaceId: number, personaId: number | null): AppError =>
  new AppError(
    'ESCALATION.RULES_NOT_FOUND',
    404,
    personaId === null
      ? `Workspace ${workspaceId} has no rules of its own. PUT /escalations/rules makes them.`
      : `Persona ${personaId} has no rules of its own. PUT /escalations/rules makes them.`,
  );

export const tooManyRules = (limit: number): AppError =>
  new AppError(
    'ESCALATION.TOO_MANY_RULES',
    409,
    `A workspace has at most ${limit} sets of rules. Delete some, or let those of the workspace count for more personas.`,
  );

/** How long a back-test may take. */
const RETRY_S = 10;

export const backtestBusy = (): AppError =>
  new AppError('ESCALATION.BACKTEST_BUSY', 429, 'Other back-tests are running. Try again in a few seconds.', {
    retryAfterSeconds: RETRY_S,
  });
