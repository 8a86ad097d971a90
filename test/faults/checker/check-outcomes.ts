import type { EvidenceIndex, TurnCase } from './evidence-index';
import { type Finding, finding } from './finding';

const OPEN = new Set(['pending', 'running']);

/** I2: exactly one terminal outcome per turn, and the right one. I4: no turn is left open. */
export function checkOutcomes({ evidence, turns, byTurnId }: EvidenceIndex): Finding[] {
  const expected = new Map(evidence.sent.map((message) => [message.content, message.ends]));
  const found = turns.flatMap((turn) => outcomeOf(turn, expected.get(turn.userMessage?.content ?? '')));
  const turnsPerMessage = Map.groupBy(evidence.turns, (turn) => turn.user_message_id);
  for (const message of evidence.messages) {
    const count = turnsPerMessage.get(message.id)?.length ?? 0;
    if (message.role === 'user' && count !== 1) {
      found.push(finding('I2', `Message ${message.id} has ${count} turns.`));
    }
    if (message.role === 'assistant' && !byTurnId.has(message.turn_id ?? 0)) {
      found.push(finding('I2', `Message ${message.id} answers a turn that does not exist.`));
    }
  }
  return found;
}

function outcomeOf({ turn, userMessage, replies }: TurnCase, ends: 'completed' | 'failed' | undefined): Finding[] {
  const name = `Turn ${turn.id} of conversation ${turn.conversation_id}`;
  if (OPEN.has(turn.status)) return [finding('I4', `${name} is still ${turn.status}.`)];
  const found: Finding[] = [];
  if (replies.length !== 1) found.push(finding('I2', `${name} is ${turn.status} and has ${replies.length} replies.`));
  if (ends !== undefined && turn.status !== ends) {
    found.push(finding('I2', `${name} is ${turn.status} (${turn.error_code ?? 'no error'}), but should be ${ends}.`));
  }
  for (const reply of replies) {
    if (reply.conversation_id !== turn.conversation_id) {
      found.push(finding('I7', `${name} is answered in conversation ${reply.conversation_id}.`));
    }
    const isFallback = reply.status === 'fallback';
    if (isFallback !== (turn.status === 'failed')) {
      found.push(finding('I2', `${name} is ${turn.status}, but its reply is ${reply.status}.`));
    }
    // The fake upstream answers with what it was asked, so a reply shows whose it is.
    if (!isFallback && reply.content !== `You said: ${userMessage?.content}`) {
      found.push(finding('I2', `${name} asks "${userMessage?.content}" and is answered "${reply.content}".`));
    }
  }
  return found;
}
