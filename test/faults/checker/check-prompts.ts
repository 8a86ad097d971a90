import type { LoggedRequest } from '../../support/fake-openai';
import type { EvidenceIndex, TurnCase } from './evidence-index';
import { type Finding, finding } from './finding';

/** Default of MAX_CONVERSATION_HISTORY; the messages of this suite are far below the token budget. */
const MAX_HISTORY = 10;

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
      const expected = JSON.stringify(promptOf(turns.slice(0, place), current));
      for (const request of current.requests) {
        const asked = JSON.stringify(saidIn(request));
        if (asked === expected) continue;
        found.push(
          finding('I3', `The prompt of turn ${current.turn.id} was ${asked}, but should have been ${expected}.`),
        );
      }
    });
  }
  return found;
}

/** What the prompt must be, built anew from the rows: whole turns from the newest backwards, as long as they fit. */
function promptOf(earlier: readonly TurnCase[], current: TurnCase): Said[] {
  let history: Said[] = [];
  for (const turn of earlier.toReversed()) {
    // What its workers died of is not told to the next one.
    if (turn.turn.error_code === 'TURN.WORKER_LOST') continue;
    const said = turnAsSaid(turn);
    if (history.length + said.length > MAX_HISTORY) break;
    history = [...said, ...history];
  }
  return [...history, { role: 'user', content: current.userMessage?.content ?? '' }];
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
