import type { LearnedWindow } from './learned-windows';
import type { ModelWindow } from './model-windows';

/** What is known before a prompt is built. */
export interface ContextQuestion {
  /** CONTEXT_TOKEN_BUDGET: what a prompt may cost, whatever its model takes. */
  budgetTokens: number;
  /** The longest answer that is wanted. */
  maxOutputTokens: number;
  /** From the table; null for a model that is not in it. */
  known: ModelWindow | null;
  /** From the server; null when it has not said anything yet. */
  learned: LearnedWindow | null;
}

/** How long prompt and answer may be. */
export interface ContextLimits {
  /** Estimated tokens of instructions, notes, history and message together. */
  promptTokens: number;
  /** What to ask the model for at most. */
  maxOutputTokens: number;
  /** The window in estimated tokens; null when nothing is known about it. */
  windowTokens: number | null;
}

/** Estimates are off by some per cent, and tools and separators cost tokens that are not counted. */
const MARGIN_SHARE = 0.03;
const LEAST_MARGIN = 64;

/**
 * The smaller of the budget and what the model's window leaves beside the answer. Pure. Nothing known: the budget alone. An answer as long as the
 * window would leave no prompt at all, so it gets half of it at most.
 */
export function contextLimits({ budgetTokens, maxOutputTokens, known, learned }: ContextQuestion): ContextLimits {
  const windowTokens = Math.min(known?.windowTokens ?? Infinity, learned?.windowTokens ?? Infinity);
  if (windowTokens === Infinity) return { promptTokens: budgetTokens, maxOutputTokens, windowTokens: null };
  const outputTokens = Math.min(maxOutputTokens, known?.maxOutputTokens ?? Infinity, Math.floor(windowTokens / 2));
  const margin = Math.max(LEAST_MARGIN, Math.ceil(windowTokens * MARGIN_SHARE));
  const perEstimate = learned?.tokensPerEstimate ?? 1;
  const left = Math.floor((windowTokens - outputTokens - margin) / perEstimate);
  return {
    promptTokens: Math.max(1, Math.min(budgetTokens, left)),
    maxOutputTokens: Math.max(1, outputTokens),
    windowTokens: Math.floor(windowTokens / perEstimate),
  };
}
