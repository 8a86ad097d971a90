import type { HistoryTurn } from '@app/conversations';
import { buildInput } from '../prompt';
import { isUpload, withPictures } from '../prompt-pictures';
import { PICTURE_LEFT_OUT, type PromptMessage } from '../provider';

/** More turns than any context window in use holds; it bounds what one rebuild reads. */
export const MAX_REPLAYED_TURNS = 2_000;

/**
 * What a new remote conversation is filled with: as many of the newest whole turns as fit the window beside the message that waits. Pure.
 * @param prompt the same history as it is sent without a remote conversation: what was read for it is not read again
 * @param tokenBudget what instructions leave of the context window
 */
export function messagesToReplay(
  history: readonly HistoryTurn[],
  currentMessage: string,
  tokenBudget: number,
  prompt: readonly PromptMessage[] = [],
): PromptMessage[] {
  const limits = { maxHistory: 2 * history.length + 1, tokenBudget };
  const messages = buildInput(history, currentMessage, limits).messages.slice(0, -1);
  const inHand = prompt.slice(0, -1);
  return withPictures(messages).map((message, index) =>
    withoutUnreadUploads(message, inHand[inHand.length - messages.length + index]),
  );
}

/** Uploads that the prompt has read go along; of others the model is told that there was a picture. */
function withoutUnreadUploads(message: PromptMessage, inHand: PromptMessage | undefined): PromptMessage {
  const { content } = message;
  if (typeof content === 'string' || !content.some(isUpload)) return message;
  if (inHand?.role === message.role && firstText(inHand) === firstText(message)) return inHand;
  return {
    ...message,
    content: content.map((part) => (isUpload(part) ? { type: 'text', text: PICTURE_LEFT_OUT } : part)),
  };
}

function firstText({ content }: PromptMessage): string | undefined {
  if (typeof content === 'string') return content;
  const [first] = content;
  return first?.type === 'text' ? first.text : undefined;
}

/** Consecutive pieces of at most `size`. */
export function inBatches<T>(list: readonly T[], size: number): T[][] {
  const batches: T[][] = [];
  for (let from = 0; from < list.length; from += size) batches.push(list.slice(from, from + size));
  return batches;
}

/** The id of the newest turn, which tells where a history ends; 0 for an empty one. */
export const newestTurn = (history: readonly HistoryTurn[]): number => history.at(-1)?.turnId ?? 0;
