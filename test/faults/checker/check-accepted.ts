import type { SentMessage } from '../support/load-report';
import { isDeleted } from './evidence';
import type { EvidenceIndex, TurnCase } from './evidence-index';
import { type Finding, finding } from './finding';

const keyOf = (conversationId: number, rest: string): string => `${conversationId} ${rest}`;

/**
 * I1 and I6: what was answered with a 2xx exists, once, under the turn that the client was told; what never was exists at most once; and nothing
 * exists that nobody asked for. What a client was shown as the reply, or as a turn's outcome, is what is stored.
 */
export function checkAccepted(index: EvidenceIndex): Finding[] {
  const found: Finding[] = [];
  const { clients, messages, turns } = index.evidence;
  const stored = Map.groupBy(
    messages.filter((message) => message.role === 'user' && message.deleted_ms === null),
    (message) => keyOf(message.conversation_id, message.content),
  );
  const byKey = Map.groupBy(turns, (turn) =>
    keyOf(turn.conversation_id, turn.idempotency_key ?? `none, turn ${turn.id}`),
  );
  for (const message of clients.sent) {
    const name = `The ${message.kind} of "${message.content}" in conversation ${message.conversationId}`;
    const key = keyOf(message.conversationId, message.key);
    const made = byKey.get(key) ?? [];
    byKey.delete(key);
    if (made.length > 1) found.push(finding('I6', `${name} made ${made.length} turns.`));
    const isGone = made.some((turn) => isDeleted(index.byMessageId.get(turn.user_message_id)));
    if (message.kind !== 'regenerate') {
      const words = keyOf(message.conversationId, message.content);
      const copies = stored.get(words) ?? [];
      stored.delete(words);
      if (copies.length > 1) found.push(finding('I6', `${name} is stored ${copies.length} times.`));
      if (message.accepted.length > 0 && copies.length === 0 && !isGone) {
        found.push(finding('I1', `${name} was accepted and is not stored.`));
      }
    }
    found.push(...checkAnswers(name, message, index));
  }
  for (const words of stored.keys()) found.push(finding('I6', `A message is stored that nobody sent: ${words}.`));
  for (const key of byKey.keys()) found.push(finding('I6', `A turn was made that nobody asked for: ${key}.`));
  return [...found, ...checkSeen(index)];
}

function checkAnswers(name: string, message: SentMessage, { byTurnId }: EvidenceIndex): Finding[] {
  return message.accepted.flatMap(({ turnId, reply }) => {
    const turn = byTurnId.get(turnId);
    if (turn === undefined) return [finding('I1', `${name} was accepted as turn ${turnId}, which does not exist.`)];
    const found: Finding[] = [];
    const { userMessage } = turn;
    if (turn.turn.idempotency_key !== message.key) {
      found.push(finding('I6', `${name} was accepted as turn ${turnId}, which was made for another request.`));
    }
    if (userMessage?.content !== message.content && !isDeleted(userMessage)) {
      found.push(finding('I6', `${name} was accepted as turn ${turnId}, which is about "${userMessage?.content}".`));
    }
    if (reply !== null && !isStored(turn, reply)) {
      found.push(finding('I1', `${name} was answered to the client with "${reply}", which is not stored.`));
    }
    return found;
  });
}

/** Whoever was told that a turn is over was told the truth. */
function checkSeen({ evidence, byTurnId }: EvidenceIndex): Finding[] {
  return evidence.clients.seen.flatMap(({ turnId, status, reply }) => {
    const turn = byTurnId.get(turnId);
    const name = `A client was told that turn ${turnId} is ${status}`;
    if (turn === undefined) return [finding('I1', `${name}, and there is no such turn.`)];
    if (turn.turn.status !== status) return [finding('I2', `${name}, but it is ${turn.turn.status}.`)];
    if (reply === null || isStored(turn, reply.content)) return [];
    return [finding('I2', `${name} with the reply "${reply.content}", which is not stored.`)];
  });
}

const isStored = ({ replies }: TurnCase, text: string): boolean =>
  replies.some(({ content, deleted_ms: deletedMs }) => content === text || deletedMs !== null);
