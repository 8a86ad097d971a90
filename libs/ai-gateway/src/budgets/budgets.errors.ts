import { AppError } from '@app/kernel';
import type { Reserved } from './persistence/reservations.repository';

/** An answer that is being made may leave some of its room: worth asking again soon. */
const RESERVED_RETRY_SECONDS = 5;
const MAX_RETRY_SECONDS = 31 * 24 * 3600;

export const budgetNotFound = (id: number): AppError =>
  new AppError(
    'BUDGET.NOT_FOUND',
    404,
    `Budget ${id} was not found. GET /budgets lists those of the workspaces that you own.`,
  );

export const budgetsForbidden = (workspaceId: number): AppError =>
  new AppError(
    'BUDGET.FORBIDDEN',
    403,
    `Only an owner may set budgets in workspace ${workspaceId}. GET /budgets/mine shows what limits you.`,
  );

export const tooManyBudgets = (limit: number): AppError =>
  new AppError('BUDGET.TOO_MANY', 409, `This workspace already has ${limit} budgets. Delete one that is not needed.`);

const SUBJECTS = { workspace: 'of this workspace', user: 'for your messages', persona: 'of this persona' } as const;
const PERIODS = { day: 'daily', month: 'monthly' } as const;

/** 429 for a message that does not fit any more. It says when the budget begins anew. */
export function budgetExceeded(budget: Reserved): AppError {
  const { spent, amount, limitAmount, periodEnd } = budget;
  const name = `The ${PERIODS[budget.period]} budget ${SUBJECTS[budget.scope]}`;
  const resetsAt = periodEnd.toISOString();
  const fitsAlone = spent + amount <= limitAmount;
  const untilReset = Math.ceil((periodEnd.getTime() - Date.now()) / 1000);
  return new AppError(
    'BUDGET.EXCEEDED',
    429,
    fitsAlone
      ? `${name} is held by messages that are being answered. Try again in a few seconds; it begins anew at ${resetsAt}.`
      : `${name} is used up. It begins anew at ${resetsAt}.`,
    {
      resetsAt: periodEnd,
      retryAfterSeconds: fitsAlone ? RESERVED_RETRY_SECONDS : Math.min(MAX_RETRY_SECONDS, Math.max(1, untilReset)),
    },
  );
}

/** A limit in dollars cannot be kept by a model whose price nobody knows. */
export const priceUnknown = (model: string): AppError =>
  new AppError(
    'BUDGET.PRICE_UNKNOWN',
    409,
    `A budget in US dollars counts for this message, and no price of the model ${model} is known. An administrator can set it with POST /prices; ` +
      'or the persona takes another model, or the budget is set in tokens.',
  );
