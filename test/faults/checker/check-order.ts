import type { Branches } from './branches';
import type { CallRow } from './evidence';
import type { EvidenceIndex, TurnCase } from './evidence-index';
import { type Finding, finding } from './finding';

/** The upstream's clock counts in whole milliseconds, the database's in microseconds. */
const ROUNDING_MS = 2;

/** Between the beginning of the transaction that makes a turn, which is the turn's birthday, and its end, when others see it; and then some. */
const BECOMING_VISIBLE_MS = 1000;

/**
 * I3: seq without gaps, replies in the order of their messages, one attempt at a time, and none made while a turn ahead is open. What
 * counts of edits and alternatives is what counts by the rules.
 */
export function checkOrder(index: EvidenceIndex): Finding[] {
  return index.evidence.conversations.flatMap((conversation) => {
    const found: Finding[] = [];
    const name = `Conversation ${conversation.id}`;
    const messages = index.messagesOf.get(conversation.id) ?? [];
    const turns = index.turnsOf.get(conversation.id) ?? [];
    const living = messages.filter((message) => message.deleted_ms === null).length;
    const gap = messages.findIndex((message, place) => message.seq !== place + 1);
    if (gap >= 0) found.push(finding('I3', `${name} has seq ${messages[gap]!.seq} in place ${gap + 1}.`));
    if (conversation.last_seq !== messages.length || conversation.message_count !== living) {
      found.push(
        finding(
          'I3',
          `${name} has ${messages.length} messages, ${living} of them living, but last_seq ${conversation.last_seq} and message_count ${conversation.message_count}.`,
        ),
      );
    }
    const branches = index.branchesOf.get(conversation.id);
    return [
      ...found,
      ...(branches === undefined ? [] : [...repliesInOrder(name, index, branches), ...whatCounts(branches)]),
      ...nobodyOvertakes(turns),
      ...oneAtATime(turns),
    ];
  });
}

/** An alternative may come any time after its message; the first replies come in the order of the messages. */
function repliesInOrder(name: string, index: EvidenceIndex, branches: Branches): Finding[] {
  const found: Finding[] = [];
  let last = 0;
  for (const message of index.messagesOf.get(branches.turns[0]!.turn.conversation_id) ?? []) {
    if (message.role !== 'assistant') continue;
    const subject = index.byTurnId.get(message.turn_id ?? 0);
    if (subject === undefined) continue;
    const { user_seq: seq } = subject.turn;
    if (seq >= message.seq) {
      found.push(finding('I3', `${name}: the reply ${message.seq} comes before its message ${seq}.`));
    }
    if (!branches.isFirst(subject)) continue;
    if (seq <= last) {
      found.push(finding('I3', `${name}: the reply to message ${seq} comes after the reply to message ${last}.`));
    }
    last = Math.max(last, seq);
  }
  return found;
}

function whatCounts(branches: Branches): Finding[] {
  return branches.turns.flatMap((subject) => {
    const { turn } = subject;
    const expected = branches.isCurrent(subject);
    if (turn.is_current === expected) return [];
    return [
      finding(
        'I3',
        `Turn ${turn.id} (message ${turn.user_seq}) ${expected ? 'does not count' : 'counts'}, which is wrong.`,
      ),
    ];
  });
}

function nobodyOvertakes(turns: readonly TurnCase[]): Finding[] {
  return turns.flatMap(({ turn, requests }, place) =>
    turns.slice(0, place).flatMap(({ turn: ahead }) => {
      const early = requests.find(
        ({ receivedAt }) =>
          ahead.created_ms + BECOMING_VISIBLE_MS < receivedAt &&
          receivedAt + ROUNDING_MS < (ahead.finished_ms ?? Infinity),
      );
      if (early === undefined) return [];
      return [
        finding('I3', `Turn ${turn.id} was sent upstream while turn ${ahead.id}, which is ahead of it, was open.`),
      ];
    }),
  );
}

interface Span {
  call: CallRow;
  endMs: number;
}

/** Attempts that nobody took over and nobody ended from outside do not overlap. */
function oneAtATime(turns: readonly TurnCase[]): Finding[] {
  const spans = turns
    .flatMap(({ turn, calls }) => calls.map((call) => ({ turn, call })))
    .filter(({ turn, call }) => call.status !== 'lost' && turn.lost_attempts === 0)
    .map(({ turn, call }): Span => ({ call, endMs: Math.min(call.ended_ms ?? Infinity, turn.finished_ms ?? Infinity) }))
    .sort((a, b) => a.call.started_ms - b.call.started_ms);
  return spans.slice(1).flatMap((span, place) => {
    const before = spans[place]!;
    if (span.call.started_ms + ROUNDING_MS >= before.endMs) return [];
    return [
      finding(
        'I3',
        `Attempt ${span.call.attempt} of turn ${span.call.turn_id} began before attempt ${before.call.attempt} of turn ${before.call.turn_id} had ended.`,
      ),
    ];
  });
}
