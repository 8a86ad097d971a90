import { estimateTokens, utf8Bytes } from './token-estimate';

/** A picture as the conversation knows it. */
export interface PromptImage {
  url?: string;
  upload_id?: string;
  detail?: 'auto' | 'low' | 'high';
}

/** A turn of the history. A message that was deleted, or never came to be, is null. */
export interface HistoryTurn {
  user: string | null;
  /** Pictures of the user's message. */
  images?: readonly PromptImage[] | null;
  reply: string | null;
}

/** How much a prompt may carry besides its instructions. */
export interface InputLimits {
  /** Messages in all, the current one included. */
  maxMessages: number;
  /** Tokens in all, the current message included; the instructions are not counted. */
  tokenBudget: number;
}

export interface InputMessage {
  role: 'user' | 'assistant';
  content: string;
  images?: readonly PromptImage[];
}

/** What a message costs besides its text (role and separators), in tokens. */
const TOKENS_PER_MESSAGE = 4;
/** About what a picture of usual size costs; each model counts in its own way. */
const TOKENS_PER_IMAGE = 1_000;

/**
 * The messages of a prompt: as much of the newest history as fits, whole turns only, then the current message, which is
 * always there and always last. Pure. @param history oldest first, in the order of the turns
 */
export function buildInput(
  history: readonly HistoryTurn[],
  currentMessage: string,
  limits: InputLimits,
  currentImages: readonly PromptImage[] = [],
): InputMessage[] {
  const kept: InputMessage[][] = [];
  let messages = 1;
  for (const turn of [...history].reverse()) {
    const turnMessages = messagesOf(turn);
    if (messages + turnMessages.length > limits.maxMessages) break;
    messages += turnMessages.length;
    kept.push(turnMessages);
  }
  kept.reverse();
  const current = fromUser(currentMessage, currentImages);
  return [...kept.slice(firstThatFits(kept, current, limits.tokenBudget)).flat(), current];
}

const fromUser = (content: string, images: readonly PromptImage[]): InputMessage => ({
  role: 'user',
  content,
  ...(images.length === 0 ? {} : { images }),
});

function messagesOf({ user, reply, images }: HistoryTurn): InputMessage[] {
  const messages: InputMessage[] = [];
  if (user) messages.push(fromUser(user, images ?? []));
  if (reply) messages.push({ role: 'assistant', content: reply });
  return messages;
}

/** More tokens than this the messages cannot have: a token is at least one byte. Costs nothing, and most conversations need no more. */
export function mostTokens(
  history: readonly HistoryTurn[],
  currentMessage: string,
  currentImages: readonly PromptImage[] = [],
): number {
  return boundOf([...history.flatMap(messagesOf), fromUser(currentMessage, currentImages)]);
}

const boundOf = (messages: readonly InputMessage[]): number =>
  sum(messages.map((message) => utf8Bytes(message.content) + overheadOf(message)));

const overheadOf = ({ images = [] }: InputMessage): number => TOKENS_PER_MESSAGE + images.length * TOKENS_PER_IMAGE;

function firstThatFits(turns: InputMessage[][], current: InputMessage, budget: number): number {
  if (boundOf([...turns.flat(), current]) <= budget) return 0;
  let used = tokensOf(current);
  for (let index = turns.length - 1; index >= 0; index--) {
    used += sum((turns[index] ?? []).map(tokensOf));
    if (used > budget) return index + 1;
  }
  return 0;
}

function tokensOf(message: InputMessage): number {
  return estimateTokens(message.content) + overheadOf(message);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
