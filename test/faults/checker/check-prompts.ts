import type { LoggedRequest } from '../../support/fake-openai';
import type { EvidenceIndex, TurnCase } from './evidence-index';
import { type Finding, finding } from './finding';

/** Default of MAX_CONVERSATION_HISTORY; the messages of this suite are far below the token budget. */
const MAX_HISTORY = 10;
/** The window begins at a multiple of this, counted in places of the conversation: a quarter of it, in whole turns. */
const STEP = 4;
const NOTES = /^Notes on the earlier part of this conversation[^]*<notes>\n([^]*)\n<\/notes>$/;

interface Said {
  role: string;
  content: string;
}

/** I3 as the upstream saw it: each prompt is the newest history in the order of the turns, in whole turns, and ends with this turn's message. */
export function checkPrompts(index: EvidenceIndex): Finding[] {
  const found = index.strayRequests.map((request) =>
    finding(
      'I5',
      `The upstream received request ${request.number} ("${request.lastUserMessage}"), which belongs to no turn.`,
    ),
  );
  for (const turns of index.turnsOf.values()) {
    turns.forEach((current, place) => {
      const earlier = turns.slice(0, place);
      const expected = JSON.stringify(promptOf(earlier, current));
      for (const request of current.requests) {
        const { notes, said } = withoutNotes(saidIn(request));
        const asked = JSON.stringify(said);
        if (asked !== expected) {
          found.push(
            finding('I3', `The prompt of turn ${current.turn.id} was ${asked}, but should have been ${expected}.`),
          );
        }
        if (notes !== null && !hasTakenNotes(earlier, notes)) {
          found.push(finding('I3', `The prompt of turn ${current.turn.id} has notes that nobody took: ${notes}.`));
        }
      }
    });
  }
  return found;
}

/** What the prompt must be, built anew from the rows: whole turns from the beginning of a block on, so that all of them fit. */
function promptOf(earlier: readonly TurnCase[], current: TurnCase): Said[] {
  // What its workers died of is not told to the next one.
  const turns = earlier.filter(({ turn }) => turn.error_code !== 'TURN.WORKER_LOST');
  const saidFrom = (first: number): Said[] => turns.slice(first).flatMap(turnAsSaid);
  let first = turns.findIndex((_turn, index) => saidFrom(index).length <= MAX_HISTORY);
  if (first < 0) first = turns.length;
  if (first > 0) {
    const blockOf = (index: number): number => Math.ceil(turns[index]!.turn.user_seq / STEP);
    const beginning = turns.findIndex((_turn, index) => index >= first && blockOf(index) > blockOf(index - 1));
    if (beginning >= 0) first = beginning;
  }
  return [...saidFrom(first), { role: 'user', content: current.userMessage?.content ?? '' }];
}

/** Notes stand in front of everything else. */
function withoutNotes(said: Said[]): { notes: string | null; said: Said[] } {
  const notes = NOTES.exec(said[0]?.content ?? '')?.[1] ?? null;
  return { notes, said: notes === null ? said : said.slice(1) };
}

/** The upstream of this suite answers with what it was asked, so notes begin with its words and hold the end of what they were taken of. */
function hasTakenNotes(earlier: readonly TurnCase[], notes: string): boolean {
  return earlier.some(({ summaryRequests }) =>
    summaryRequests.some(({ lastUserMessage }) => `You said: ${lastUserMessage ?? ''}`.startsWith(notes.slice(0, 500))),
  );
}

function turnAsSaid({ userMessage, replies }: TurnCase): Said[] {
  const answers = replies.filter((reply) => reply.status !== 'fallback');
  return [
    { role: 'user', content: userMessage?.content ?? '' },
    ...answers.map((reply) => ({ role: 'assistant', content: reply.content })),
  ];
}

function saidIn(request: LoggedRequest): Said[] {
  const items = (request.body.input ?? request.body.messages) as { role: string; content: unknown }[];
  return items
    .filter(({ role }) => role === 'user' || role === 'assistant')
    .map(({ role, content }) => ({ role, content: textOf(content) }));
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return (content as { text?: string }[]).map(({ text }) => text ?? '').join('');
}
