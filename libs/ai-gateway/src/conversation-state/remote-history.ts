import type { HistoryTurn } from '@app/conversations';
import { buildInput } from '../prompt';
import type { PromptMessage } from '../provider';

/** More turns than any context window in use holds; it bounds what one rebuild reads. */
export const MAX_REPLAYED_TURNS = 2_000;

/**
 * What a new remote conversation is filled with: as many of the newest whole turns as fit the window beside the message that waits. Pure.
 * @param tokenBudget what instructions leave of the context window
 */
export function messagesToReplay(
  history: readonly HistoryTurn[],
  currentMessage: string,
  tokenBudget: number,
): PromptMessage[] {
  const limits = { maxMessages: Number.MAX_SAFE_INTEGER, tokenBudget };
  return buildInput(history, currentMessage, limits).slice(0, -1);
}

/** Consecutive pieces of at most `size`. */
export function inBatches<T>(list: readonly T[], size: number): T[][] {
  const batches: T[][] = [];
  for (let from = 0; from < list.length; from += size) batches.push(list.slice(from, from + size));
  return batches;
}

/** The id of the newest turn, which tells where a history ends; 0 for an empty one. */
export const newestTurn = (history: readonly HistoryTurn[]): number => history.at(-1)?.turnId ?? 0;
