/** As much of a turn as decides whether it goes along. */
export interface WindowTurn {
  /** Place of its user message in the conversation; rises from turn to turn. */
  userSeq: number;
  /** Messages that it brings into the prompt: 0–2. */
  messages: number;
}

/**
 * What the window moves by when `maxMessages` bounds it, in places of the conversation (two per turn): a quarter, in whole turns. A window that moves
 * with every message makes every prompt differ from the one before right behind the instructions, so no upstream cache can help.
 */
export const stepOf = (maxMessages: number): number => 2 * Math.max(1, Math.ceil(maxMessages / 8));

/**
 * Where the window begins: the index of the first turn that goes along, so that at most `maxMessages` do.
 *
 * The window begins at a multiple of the step, counted from the beginning of the conversation, and not just where it is full; so it stays where it is for
 * several turns and then moves on by a block. Whoever computes it gets the same place, without anything being stored.
 * @param turns the newest turns, oldest first
 * @param isWhole nothing came before the first of them
 */
export function startByMessages(turns: readonly WindowTurn[], maxMessages: number, isWhole: boolean): number {
  const newest = newestThatFit(turns, maxMessages);
  if (newest === 0 && isWhole) return 0;
  return nextBlock(turns, newest, stepOf(maxMessages)) ?? newest;
}

/**
 * The same for a window that tokens bound, beginning at `newest` or later: how many turns fit differs from prompt to prompt, so the step is a power of two
 * (a quarter to a half of what fits) to make one step's places those of the other, too.
 */
export function startByTokens(turns: readonly WindowTurn[], newest: number): number {
  const fitting = sum(turns.slice(newest));
  const step = 2 ** Math.max(1, Math.ceil(Math.log2(Math.max(1, fitting / 4))));
  return nextBlock(turns, newest, step) ?? newest;
}

function newestThatFit(turns: readonly WindowTurn[], maxMessages: number): number {
  let messages = 0;
  for (let index = turns.length - 1; index >= 0; index--) {
    messages += turns[index]!.messages;
    if (messages > maxMessages) return index + 1;
  }
  return 0;
}

/** The first turn from `from` on with which a block begins; undefined when all of them are inside one. */
function nextBlock(turns: readonly WindowTurn[], from: number, step: number): number | undefined {
  for (let index = from; index < turns.length; index++) {
    const turn = turns[index]!;
    const before = turns[index - 1];
    // Without the turn before, only one that stands on the boundary is sure to be the first behind it.
    const isFirst =
      before === undefined
        ? blockOf(turn.userSeq - 1, step) < blockOf(turn.userSeq, step)
        : blockOf(before.userSeq, step) < blockOf(turn.userSeq, step);
    if (isFirst) return index;
  }
  return undefined;
}

/** Blocks are 1…step, step+1…2·step and so on. */
const blockOf = (seq: number, step: number): number => Math.ceil(seq / step);

const sum = (turns: readonly WindowTurn[]): number => turns.reduce((total, { messages }) => total + messages, 0);
