import type { EvidenceIndex, TurnCase } from './evidence-index';
import { type Finding, finding } from './finding';

/** The upstream's clock counts in whole milliseconds, the database's in microseconds. */
const ROUNDING_MS = 2;

/** I3: seq without gaps, replies in the order of their messages, and no turn begun before the one ahead of it has ended. */
export function checkOrder(index: EvidenceIndex): Finding[] {
  return index.evidence.conversations.flatMap((conversation) => {
    const found: Finding[] = [];
    const name = `Conversation ${conversation.id}`;
    const messages = index.messagesOf.get(conversation.id) ?? [];
    const gap = messages.findIndex((message, place) => message.seq !== place + 1);
    if (gap >= 0) found.push(finding('I3', `${name} has seq ${messages[gap]!.seq} in place ${gap + 1}.`));
    if (conversation.last_seq !== messages.length || conversation.message_count !== messages.length) {
      found.push(
        finding(
          'I3',
          `${name} has ${messages.length} messages, but last_seq ${conversation.last_seq} and message_count ${conversation.message_count}.`,
        ),
      );
    }
    return [
      ...found,
      ...repliesInOrder(name, index, conversation.id),
      ...oneAfterTheOther(index.turnsOf.get(conversation.id) ?? []),
    ];
  });
}

function repliesInOrder(name: string, index: EvidenceIndex, conversationId: number): Finding[] {
  const found: Finding[] = [];
  let last = 0;
  for (const message of index.messagesOf.get(conversationId) ?? []) {
    if (message.role !== 'assistant') continue;
    const turn = index.byTurnId.get(message.turn_id ?? 0)?.turn;
    if (turn === undefined) continue;
    if (turn.user_seq <= last) {
      found.push(
        finding('I3', `${name}: the reply to message ${turn.user_seq} comes after the reply to message ${last}.`),
      );
    }
    if (turn.user_seq >= message.seq) {
      found.push(finding('I3', `${name}: the reply ${message.seq} comes before its message ${turn.user_seq}.`));
    }
    last = Math.max(last, turn.user_seq);
  }
  return found;
}

function oneAfterTheOther(turns: readonly TurnCase[]): Finding[] {
  const found: Finding[] = [];
  let endedMs = 0;
  for (const { turn, requests } of turns) {
    const early = requests.find((request) => request.receivedAt + ROUNDING_MS < endedMs);
    if (early !== undefined) {
      found.push(
        finding(
          'I3',
          `Turn ${turn.id} was sent upstream ${Math.round(endedMs - early.receivedAt)} ms before the turn ahead of it ended.`,
        ),
      );
    }
    endedMs = Math.max(endedMs, turn.finished_ms ?? Infinity);
  }
  return found;
}
