import type { EvidenceIndex } from './evidence-index';
import { type Finding, finding } from './finding';

/**
 * I1 and I6: a message that was answered with a 2xx exists, once, under the turn that the client was told; one that never was exists at most once;
 * and nothing exists that nobody sent. What a client was shown as the reply is what is stored.
 */
export function checkAccepted({ evidence, byTurnId }: EvidenceIndex): Finding[] {
  const found: Finding[] = [];
  const stored = Map.groupBy(
    evidence.messages.filter((message) => message.role === 'user'),
    (message) => `${message.conversation_id} ${message.content}`,
  );
  for (const message of evidence.sent) {
    const name = `"${message.content}" in conversation ${message.conversationId}`;
    const copies = stored.get(`${message.conversationId} ${message.content}`) ?? [];
    stored.delete(`${message.conversationId} ${message.content}`);
    if (copies.length > 1) found.push(finding('I6', `${name} is stored ${copies.length} times.`));
    if (message.accepted.length > 0 && copies.length === 0) {
      found.push(finding('I1', `${name} was accepted and is not stored.`));
    }
    for (const { turnId, reply } of message.accepted) {
      const turn = byTurnId.get(turnId);
      if (turn === undefined) {
        found.push(finding('I1', `${name} was accepted as turn ${turnId}, which does not exist.`));
        continue;
      }
      if (turn.userMessage?.content !== message.content) {
        found.push(
          finding('I6', `${name} was accepted as turn ${turnId}, which is about "${turn.userMessage?.content}".`),
        );
      }
      if (reply !== null && !turn.replies.some(({ content }) => content === reply)) {
        found.push(finding('I1', `${name} was answered to the client with "${reply}", which is not stored.`));
      }
    }
  }
  for (const key of stored.keys()) found.push(finding('I6', `A message is stored that nobody sent: ${key}.`));
  return found;
}
