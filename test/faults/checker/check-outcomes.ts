import { isDeleted, type MessageRow } from './evidence';
import type { EvidenceIndex, TurnCase } from './evidence-index';
import { type Finding, finding } from './finding';

const OPEN = new Set(['pending', 'running']);
const STATUS_OF_REPLY: Record<string, readonly string[]> = {
  completed: ['completed', 'truncated'],
  failed: ['fallback'],
  cancelled: ['cancelled'],
};

/** I2: exactly one terminal outcome per turn, and the right one. I4: no turn is left open. */
export function checkOutcomes(index: EvidenceIndex): Finding[] {
  const { evidence, turns, byTurnId } = index;
  const expected = new Map(
    evidence.clients.sent.flatMap(({ accepted, ends }) => accepted.map(({ turnId }) => [turnId, ends] as const)),
  );
  const found = turns.flatMap((turn) => outcomeOf(turn, expected.get(turn.turn.id), index));
  const asked = new Set(evidence.turns.map((turn) => turn.user_message_id));
  for (const message of evidence.messages) {
    if (message.role === 'user' && !asked.has(message.id)) {
      found.push(finding('I2', `Message ${message.id} has no turn.`));
    }
    if (message.role === 'assistant' && !byTurnId.has(message.turn_id ?? 0)) {
      found.push(finding('I2', `Message ${message.id} answers a turn that does not exist.`));
    }
  }
  return found;
}

function outcomeOf(subject: TurnCase, ends: 'completed' | 'failed' | undefined, index: EvidenceIndex): Finding[] {
  const { turn, replies } = subject;
  const name = `Turn ${turn.id} of conversation ${turn.conversation_id}`;
  if (OPEN.has(turn.status)) return [finding('I4', `${name} is still ${turn.status}.`)];
  const found: Finding[] = [];
  const isCancelled = turn.status === 'cancelled';
  if (replies.length > 1 || (replies.length === 0 && !isCancelled)) {
    found.push(finding('I2', `${name} is ${turn.status} and has ${replies.length} replies.`));
  }
  if (isCancelled) found.push(...cancelledByWhom(name, subject, index));
  else if (ends !== undefined && turn.status !== ends) {
    found.push(finding('I2', `${name} is ${turn.status} (${turn.error_code ?? 'no error'}), but should be ${ends}.`));
  }
  for (const reply of replies) found.push(...checkReply(name, subject, reply));
  return found;
}

/** Only its sender ends a turn without an answer: by cancelling it, by deleting its message, or by going on from an earlier one. */
function cancelledByWhom(name: string, { turn, userMessage }: TurnCase, index: EvidenceIndex): Finding[] {
  if (turn.is_cancel_requested && index.evidence.clients.cancelAsked.includes(turn.id)) return [];
  if (isDeleted(userMessage)) return [];
  if (index.branchesOf.get(turn.conversation_id)?.isReplaced(turn.user_seq) === true) return [];
  return [finding('I2', `${name} is cancelled, and nobody asked for it.`)];
}

function checkReply(name: string, { turn, userMessage, calls, requests }: TurnCase, reply: MessageRow): Finding[] {
  const found: Finding[] = [];
  if (reply.conversation_id !== turn.conversation_id) {
    found.push(finding('I7', `${name} is answered in conversation ${reply.conversation_id}.`));
  }
  if (STATUS_OF_REPLY[turn.status]?.includes(reply.status) !== true) {
    found.push(finding('I2', `${name} is ${turn.status}, but its reply is ${reply.status}.`));
  }
  if (reply.deleted_ms !== null || reply.status === 'fallback') return found;
  const answerIds = new Set(calls.map((call) => call.upstream_id));
  const isWhole = turn.status === 'completed';
  const isSaid = requests.some(({ sent, answerId }) =>
    isWhole
      ? sent === reply.content && answerIds.has(answerId)
      : reply.content !== '' && sent.startsWith(reply.content),
  );
  if (!isSaid) {
    found.push(finding('I2', `${name} is answered "${reply.content}", which the upstream did not say to it.`));
  }
  // The fake upstream answers with what it was asked, so a reply shows whose it is.
  const echo = `You said: ${userMessage?.content}`;
  if (userMessage?.deleted_ms === null && isWhole && !reply.content.startsWith(echo)) {
    found.push(finding('I2', `${name} asks "${userMessage.content}" and is answered "${reply.content}".`));
  }
  return found;
}
