import { buildInput, type HistoryTurn } from './input-builder';
import { utf8Bytes } from './token-estimate';

const TURNS = 200;
/** An answer and a question of a chat; the instructions of a persona. Their proportion is what counts. */
const turnAt = (index: number): HistoryTurn => ({
  userSeq: 2 * index + 1,
  user: `question ${index} `.padEnd(150, 'x'),
  reply: `answer ${index} `.padEnd(450, 'y'),
});
const INSTRUCTIONS = 'i'.repeat(1_600);
const talk = Array.from({ length: TURNS }, (_, index) => turnAt(index));

/** All prompts of a conversation: as they are built, or with a window that slides by one turn. */
function prompts(maxHistory: number, how: 'in steps' | 'sliding'): string[][] {
  return talk.map((turn, count) => {
    const past = talk.slice(0, count).slice(-maxHistory);
    const sliding = past.slice(-Math.floor(maxHistory / 2)).flatMap(({ user, reply }) => [user!, reply!]);
    const stepwise = buildInput(past, turn.user!, { maxHistory, tokenBudget: 1e9 }).messages.map(
      ({ content }) => content,
    );
    return [INSTRUCTIONS, ...(how === 'sliding' ? [...sliding, turn.user!] : stepwise)];
  });
}

/** The part of all prompts' text that the prompt before began with, too: what an upstream cache can know. */
function sharedPart(all: string[][]): number {
  let shared = 0;
  let whole = 0;
  all.forEach((prompt, index) => {
    const before = all[index - 1] ?? [];
    const differs = prompt.findIndex((text, place) => text !== before[place]);
    whole += prompt.reduce((sum, text) => sum + utf8Bytes(text), 0);
    shared += prompt.slice(0, differs).reduce((sum, text) => sum + utf8Bytes(text), 0);
  });
  return shared / whole;
}

describe('what consecutive prompts of one conversation have in common', () => {
  it.each([
    [10, 0.38, 0.6],
    [20, 0.25, 0.65],
    [40, 0.2, 0.75],
    [100, 0.3, 0.85],
  ])(
    'with %d messages: a window that slides shares less than %d, one that moves in steps more than %d',
    (max, sliding, steps) => {
      const shares = { sliding: sharedPart(prompts(max, 'sliding')), steps: sharedPart(prompts(max, 'in steps')) };
      expect(shares.sliding).toBeLessThan(sliding);
      expect(shares.steps).toBeGreaterThan(steps);
    },
  );
});
