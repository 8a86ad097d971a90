import { flawsOf, STATUS_OF_END } from '../../support/transcript';
import type { EvidenceIndex } from './evidence-index';
import { type Finding, finding } from './finding';

/** I2 as its readers saw it: numbers rise, no text is missing or left over, one end, and that end is the turn's. */
export function checkStreams({ evidence, byTurnId }: EvidenceIndex): Finding[] {
  return evidence.clients.transcripts.flatMap(({ turnId, events, isWhole }) => {
    const subject = byTurnId.get(turnId);
    const name = `A stream of turn ${turnId}`;
    if (subject === undefined) return [finding('I1', `${name}: there is no such turn.`)];
    const found = flawsOf(events, isWhole).map((flaw) => finding('I2', `${name}: ${flaw}.`));
    const end = events.find(({ event }) => event in STATUS_OF_END);
    if (end === undefined) return found;
    const { turn, replies } = subject;
    if (STATUS_OF_END[end.event] !== turn.status) {
      found.push(finding('I2', `${name} ended with ${end.event}, but the turn is ${turn.status}.`));
    }
    const told = end.data.assistant_message ?? null;
    const isTrue =
      told === null || replies.some((reply) => reply.content === told.content || reply.deleted_ms !== null);
    if (!isTrue) found.push(finding('I2', `${name} ended with the reply "${told.content}", which is not stored.`));
    if (told === null && replies.some((reply) => reply.deleted_ms === null)) {
      found.push(finding('I2', `${name} ended without a reply, but there is one.`));
    }
    return found;
  });
}
