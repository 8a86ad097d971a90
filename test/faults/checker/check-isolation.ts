import { personaNameOf } from '../support/load';
import type { EvidenceIndex } from './evidence-index';
import { type Finding, finding } from './finding';

const TAG = /<c(\d+)>/g;

/** I7: every message of this suite bears the tag of its conversation, and every persona the name of its user, so what is in the wrong place shows. */
export function checkIsolation({ evidence, turns }: EvidenceIndex): Finding[] {
  const found: Finding[] = [];
  const userOf = new Map(evidence.conversations.map((conversation) => [conversation.id, conversation.user_id]));
  for (const message of evidence.messages) {
    const foreign = foreignTag(message.content, message.conversation_id);
    if (foreign !== undefined) {
      found.push(
        finding(
          'I7',
          `Message ${message.id} of conversation ${message.conversation_id} is from conversation ${foreign}.`,
        ),
      );
    }
  }
  for (const { turn, calls, requests, summaryCalls, summaryRequests } of turns) {
    const userId = userOf.get(turn.conversation_id);
    for (const request of [...requests, ...summaryRequests]) {
      const prompt = JSON.stringify(request.body);
      const foreign = foreignTag(prompt, turn.conversation_id);
      if (foreign !== undefined) {
        found.push(
          finding('I7', `A prompt of conversation ${turn.conversation_id} has text of conversation ${foreign}.`),
        );
      }
      // Notes are taken for nobody in particular.
      if (requests.includes(request) && !prompt.includes(personaNameOf(userId ?? 0))) {
        found.push(finding('I7', `A prompt of user ${userId} does not name that user's persona.`));
      }
    }
    for (const call of [...calls, ...summaryCalls]) {
      if (call.user_id !== userId || call.conversation_id !== turn.conversation_id) {
        found.push(finding('I7', `Ledger row ${call.id} of turn ${turn.id} is booked on user ${call.user_id}.`));
      }
    }
  }
  return found;
}

const foreignTag = (text: string, conversationId: number): string | undefined =>
  [...text.matchAll(TAG)].map((match) => match[1]).find((id) => id !== String(conversationId));
