import type { LoggedRequest } from '../../support/fake-openai';
import { isDeleted, type MessageRow } from './evidence';
import type { EvidenceIndex, TurnCase } from './evidence-index';
import { type Finding, finding } from './finding';

/** Default of MAX_CONVERSATION_HISTORY; the messages of this suite are far below the token budget. */
const MAX_HISTORY = 10;
/** The window begins at a multiple of this, counted in places of the conversation: a quarter of it, in whole turns. */
const STEP = 4;
const NOTES = /^Notes on the earlier part of this conversation[^]*<notes>\n([^]*)\n<\/notes>$/;

/** A deletion is as old as the beginning of its transaction, which may wait for others; a prompt is as old as the reading of its history. */
const UNSURE_MS = 2000;

interface Said {
  role: string;
  /** Null: nobody knows any more. */
  content: string | null;
}

/** I3 as the upstream saw it: each prompt is the newest history that counted then, in the order of the turns, in whole turns, and ends with this turn's message. */
export function checkPrompts(index: EvidenceIndex): Finding[] {
  const found = index.strayRequests.map((request) =>
    finding(
      'I5',
      `The upstream received request ${request.number} ("${request.lastUserMessage}"), which belongs to no turn.`,
    ),
  );
  for (const current of index.turns) {
    for (const request of current.requests) {
      const { notes, said: asked } = withoutNotes(saidIn(request));
      const all = index.turnsOf.get(current.turn.conversation_id) ?? [];
      if (notes !== null && !hasTakenNotes(all, notes)) {
        found.push(finding('I3', `The prompt of turn ${current.turn.id} has notes that nobody took: ${notes}.`));
      }
      const expected = possiblePrompts(index, current, request);
      if (expected.some((prompt) => isSame(prompt, asked))) continue;
      found.push(
        finding(
          'I3',
          `The prompt of turn ${current.turn.id} was ${JSON.stringify(asked)}, but should have been ${JSON.stringify(expected[0])}.`,
        ),
      );
    }
  }
  return found;
}

/** Notes stand in front of everything else. */
function withoutNotes(said: Said[]): { notes: string | null; said: Said[] } {
  const notes = NOTES.exec(said[0]?.content ?? '')?.[1] ?? null;
  return { notes, said: notes === null ? said : said.slice(1) };
}

/** The upstream of this suite answers with what it was asked, so notes hold the beginning of what they were taken of. */
function hasTakenNotes(turns: readonly TurnCase[], notes: string): boolean {
  return turns.some(({ summaryRequests }) =>
    summaryRequests.some(({ lastUserMessage }) => notes.includes((lastUserMessage ?? '').slice(0, 300))),
  );
}

/** Whole turns from the beginning of a block on, so that all of them fit. */
function beginningOf(turns: readonly { seq: number; said: readonly Said[] }[]): number {
  const messagesFrom = (first: number): number => turns.slice(first).flatMap(({ said }) => said).length;
  let first = turns.findIndex((_turn, index) => messagesFrom(index) <= MAX_HISTORY);
  if (first < 0) first = turns.length;
  if (first === 0 && turns.length < MAX_HISTORY) return 0;
  const blockOf = (seq: number): number => Math.ceil(seq / STEP);
  const beginning = turns.findIndex(
    ({ seq }, index) => index >= first && blockOf(seq) > blockOf(turns[index - 1]?.seq ?? seq - 1),
  );
  return beginning < 0 ? first : beginning;
}

/**
 * What the prompt may be, built anew from the rows. There is one way, unless a worker slept between reading the history and sending it (then
 * what counted at the beginning of any attempt does), or messages were deleted at about that time: then any of them may have been the last one
 * that was gone.
 */
function possiblePrompts(index: EvidenceIndex, current: TurnCase, request: LoggedRequest): Said[][] {
  const times = [
    request.receivedAt,
    ...(current.turn.lost_attempts > 0 ? current.calls.map((call) => call.started_ms) : []),
  ];
  const deletions = (index.messagesOf.get(current.turn.conversation_id) ?? []).map(
    (message) => message.deleted_ms ?? 0,
  );
  return times.flatMap((atMs) => {
    const isUnsure = (deletedMs: number): boolean => deletedMs > atMs - UNSURE_MS && deletedMs < atMs + UNSURE_MS / 4;
    return [atMs - UNSURE_MS, ...deletions.filter(isUnsure)].map((deletedUpToMs) =>
      promptAt(index, current, atMs, deletedUpToMs),
    );
  });
}

/** Whole turns from the newest backwards, as long as they fit. */
function promptAt(index: EvidenceIndex, current: TurnCase, atMs: number, deletedUpToMs: number): Said[] {
  const isThere = (message: MessageRow): boolean => message.deleted_ms === null || message.deleted_ms > deletedUpToMs;
  const earlier = index.branchesOf.get(current.turn.conversation_id)!.before(current.turn.user_seq, atMs);
  const turns = earlier
    .map((subject) => ({
      subject,
      reply: subject.replies.find((reply) => reply.status !== 'fallback' && isThere(reply)),
    }))
    .filter(({ subject: { turn }, reply }) => {
      // What its workers died of is not told to the next one; nor is what was taken back before anything was said to it.
      return reply !== undefined || (turn.status !== 'cancelled' && turn.error_code !== 'TURN.WORKER_LOST');
    })
    .slice(-MAX_HISTORY)
    .map(({ subject, reply }) => {
      const said: Said[] = [];
      if (subject.userMessage !== undefined && isThere(subject.userMessage)) {
        said.push({ role: 'user', content: wordsOf(index, subject) });
      }
      if (reply !== undefined) said.push({ role: 'assistant', content: replyOf(subject, reply) });
      return { seq: subject.turn.user_seq, said };
    });
  const history = turns.slice(beginningOf(turns)).flatMap(({ said }) => said);
  return [...history, { role: 'user', content: wordsOf(index, current) }];
}

const wordsOf = (index: EvidenceIndex, { turn, userMessage }: TurnCase): string | null =>
  isDeleted(userMessage) ? (index.wordsOf.get(turn.id) ?? null) : (userMessage?.content ?? null);

function replyOf({ turn, calls, requests }: TurnCase, reply: MessageRow): string | null {
  if (reply.deleted_ms === null) return reply.content;
  if (turn.status !== 'completed') return null;
  const answered = calls.find((call) => call.status === 'succeeded')?.upstream_id;
  return requests.find(({ answerId }) => answerId === answered)?.sent ?? null;
}

const isSame = (expected: readonly Said[], asked: readonly Said[]): boolean =>
  expected.length === asked.length &&
  expected.every(({ role, content }, place) => {
    const other = asked[place]!;
    return role === other.role && (content === null || content === other.content);
  });

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
