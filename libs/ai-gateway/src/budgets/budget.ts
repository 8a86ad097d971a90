export const BUDGET_SCOPES = ['workspace', 'user', 'persona'] as const;
export const BUDGET_UNITS = ['tokens', 'usd'] as const;
export const BUDGET_PERIODS = ['day', 'month'] as const;

/** Whose calls count: all of a workspace, those of one user or of each user in it, or those with one persona. */
export type BudgetScope = (typeof BUDGET_SCOPES)[number];
export type BudgetUnit = (typeof BUDGET_UNITS)[number];
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

/** Amounts are tokens, or millionths of a dollar. */
export interface Budget {
  id: number;
  workspaceId: number;
  name: string;
  scope: BudgetScope;
  /** With the scope `user`: null means each user for themselves. */
  userId: number | null;
  personaId: number | null;
  unit: BudgetUnit;
  limitAmount: number;
  period: BudgetPeriod;
  timeZone: string;
  /** Refuses messages when it is used up; otherwise it only tells. */
  isHard: boolean;
  alertPercent: number | null;
  webhookUrl: string | null;
  createdBy: number | null;
  createdAt: Date;
  updatedAt: Date;
}

/** How much of a budget is used in one period, by one subject: a user's id where each user counts for themselves, else 0. */
export interface BudgetUse {
  subjectId: number;
  periodStart: Date;
  periodEnd: Date;
  spent: number;
  /** Held for answers that are being made. */
  reserved: number;
  /** When a message was first refused in this period. */
  refusedAt: Date | null;
}

export type NewBudget = Omit<Budget, 'id' | 'createdAt' | 'updatedAt'> & { webhookSecret: string | null };

/** What is left out stays as it is. */
export interface BudgetChanges {
  name?: string;
  limitAmount?: number;
  isHard?: boolean;
  alertPercent?: number | null;
  webhook?: { url: string; secret: string } | null;
}

/** Whose call it is. */
export interface CallScope {
  workspaceId: number;
  userId: number;
  personaId: number;
}

/** The most that a call may use. */
export interface CallEstimate {
  tokens: number;
  /** Millionths of a dollar; null when no price is known for the model. */
  costUsdMicros: number | null;
  model: string;
}

export const MICROS_PER_USD = 1_000_000;
