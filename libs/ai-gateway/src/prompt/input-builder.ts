import type { ContextNote } from '@app/contracts';
import { backgroundOf } from './background';
import { startByMessages, startByTokens } from './history-window';
import { estimateTokens, utf8Bytes } from './token-estimate';

/** A picture as the conversation knows it. */
export interface PromptImage {
  url?: string;
  upload_id?: string;
  detail?: 'auto' | 'low' | 'high';
}

/** A turn of the history. A message that was deleted, or never came to be, is null. */
export interface HistoryTurn {
  /** Place of its user message in the conversation. */
  userSeq: number;
  user: string | null;
  /** Pictures of the user's message. */
  images?: readonly PromptImage[] | null;
  reply: string | null;
}

/** How much a prompt may carry besides its instructions. */
export interface InputLimits {
  /** Messages of the history; the current one comes on top. */
  maxHistory: number;
  /** Tokens in all, notes and current message included; the instructions are not counted. */
  tokenBudget: number;
}

/** What stands in front of the history; each an item of its own. */
export interface BeforeHistory {
  /** On what came before the history; null for none. The first to be left out. */
  notes?: string | null;
  /** What others have written, and what was looked up, for this one answer: it keeps up to half of the budget, and the history gets the rest. */
  background?: readonly ContextNote[];
}

export interface InputMessage {
  role: 'user' | 'assistant';
  content: string;
  images?: readonly PromptImage[];
}

export interface BuiltInput {
  messages: InputMessage[];
  /** Place of the first turn that goes along; null when none does. */
  firstSeq: number | null;
}

/** What a message costs besides its text (role and separators), in tokens. */
const TOKENS_PER_MESSAGE = 4;
/** About what a picture of usual size costs; each model counts in its own way. */
export const TOKENS_PER_IMAGE = 1_000;

/**
 * The messages of a prompt: notes on what came before, as much of the newest history as fits (whole turns only), then the current message, which is
 * always there and always last. What changes seldom stands in front, so that upstream prompt caches can work. Pure.
 * @param history oldest first, in the order of the turns: the newest `limits.maxHistory` turns, or all when there are fewer
 */
export function buildInput(
  history: readonly HistoryTurn[],
  currentMessage: string,
  limits: InputLimits,
  { notes = null, background = [] }: BeforeHistory = {},
  currentImages: readonly PromptImage[] = [],
): BuiltInput {
  const current = fromUser(currentMessage, currentImages);
  let fixed = [...itemsOf(notes), ...itemsOf(backgroundOf(background)), current];
  const turns = history.map((turn) => {
    const own = messagesOf(turn);
    return { userSeq: turn.userSeq, messages: own.length, own };
  });
  const isWhole = history.length < limits.maxHistory;
  let start = startByMessages(turns, limits.maxHistory, isWhole);
  const kept = (): InputMessage[] => turns.slice(start).flatMap(({ own }) => own);
  if (boundOf([...fixed, ...kept()]) > limits.tokenBudget) {
    const left = limits.tokenBudget - tokensOf(current) - TOKENS_PER_MESSAGE;
    const bounded = itemsOf(backgroundOf(background, Math.min(left, Math.floor(limits.tokenBudget / 2))));
    fixed = [...itemsOf(notes), ...bounded, current];
    if (sum(fixed.map(tokensOf)) > limits.tokenBudget) fixed = [...bounded, current];
    let used = sum(fixed.map(tokensOf));
    let newest = turns.length;
    while (newest > start) {
      used += sum(turns[newest - 1]!.own.map(tokensOf));
      if (used > limits.tokenBudget) break;
      newest -= 1;
    }
    if (newest > start) start = startByTokens(turns, newest);
  }
  const firstSeq = turns.slice(start).find(({ messages }) => messages > 0)?.userSeq ?? null;
  return { messages: [...fixed.slice(0, -1), ...kept(), ...fixed.slice(-1)], firstSeq };
}

const itemsOf = (content: string | null): InputMessage[] => (content === null ? [] : [{ role: 'user', content }]);

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

/** Where the history of the prompt after this turn's will begin, as far as the number of messages decides it. */
export function nextFirstSeq(history: readonly HistoryTurn[], userSeq: number, maxHistory: number): number {
  const turns = [
    ...history.map((turn) => ({ userSeq: turn.userSeq, messages: messagesOf(turn).length })),
    { userSeq, messages: 2 },
  ];
  const newest = turns.slice(-maxHistory);
  return newest[startByMessages(newest, maxHistory, turns.length < maxHistory)]?.userSeq ?? userSeq;
}

/** More tokens than this the texts and the pictures that go with them cannot have: a token is at least one byte. Costs nothing, and most conversations need no more. */
export function mostTokens(history: readonly HistoryTurn[], texts: readonly string[], images = 0): number {
  return (
    boundOf([...history.flatMap(messagesOf), ...texts.map((content) => ({ content }))]) + images * TOKENS_PER_IMAGE
  );
}

/** Estimated tokens of messages, with what they cost besides their text. Loads the tokenizer. */
export const tokensOfAll = (messages: readonly InputMessage[]): number => sum(messages.map(tokensOf));

type Weighed = Pick<InputMessage, 'content' | 'images'>;

const boundOf = (messages: readonly Weighed[]): number =>
  sum(messages.map((message) => utf8Bytes(message.content) + overheadOf(message)));

const overheadOf = ({ images = [] }: Weighed): number => TOKENS_PER_MESSAGE + images.length * TOKENS_PER_IMAGE;

function tokensOf(message: InputMessage): number {
  return estimateTokens(message.content) + overheadOf(message);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
