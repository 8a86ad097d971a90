import type { LoggedRequest } from '../../support/fake-openai';
import { Branches } from './branches';
import { type CallRow, type Evidence, type MessageRow, summaryRequestId, type TurnRow } from './evidence';

/** A turn with everything that belongs to it. */
export interface TurnCase {
  turn: TurnRow;
  userMessage: MessageRow | undefined;
  /** More than one, or none for a finished turn, is what the checker looks for. */
  replies: MessageRow[];
  /** In the order of the attempts. */
  calls: CallRow[];
  /** What the upstream received for it, oldest first. */
  requests: LoggedRequest[];
  /** The same for summaries that were made after it. */
  summaryCalls: CallRow[];
  summaryRequests: LoggedRequest[];
}

export interface EvidenceIndex {
  evidence: Evidence;
  turns: TurnCase[];
  turnsOf: Map<number, TurnCase[]>;
  /** Which turns of a conversation counted when. */
  branchesOf: Map<number, Branches>;
  /** What was asked, as its sender knows it: a deleted message has lost its words. */
  wordsOf: Map<number, string>;
  messagesOf: Map<number, MessageRow[]>;
  byMessageId: Map<number, MessageRow>;
  byTurnId: Map<number, TurnCase>;
  /** Requests that carry the correlation id of no turn. */
  strayRequests: LoggedRequest[];
}

const group = <K, V>(items: readonly V[], keyOf: (item: V) => K): Map<K, V[]> => Map.groupBy(items, keyOf);

/** Joins the evidence: requests belong to a turn by the correlation id that the product sends along, not by their content, which is checked. */
export function indexOf(evidence: Evidence): EvidenceIndex {
  const byMessageId = new Map(evidence.messages.map((message) => [message.id, message]));
  const replies = group(
    evidence.messages.filter((message) => message.role === 'assistant'),
    (message) => message.turn_id,
  );
  const calls = group(evidence.calls, (call) => `${call.purpose} ${call.turn_id}`);
  const requests = group(evidence.requests, (request) => request.headers['x-client-request-id']);
  const turns = evidence.turns.map((turn) => ({
    turn,
    userMessage: byMessageId.get(turn.user_message_id),
    replies: replies.get(turn.id) ?? [],
    calls: calls.get(`reply ${turn.id}`) ?? [],
    requests: requests.get(turn.correlation_id) ?? [],
    summaryCalls: calls.get(`summary ${turn.id}`) ?? [],
    summaryRequests: requests.get(summaryRequestId(turn.id)) ?? [],
  }));
  const turnsOf = group(turns, ({ turn }) => turn.conversation_id);
  const messagesOf = group(evidence.messages, (message) => message.conversation_id);
  const known = new Set<string | undefined>(
    evidence.turns.flatMap((turn) => [turn.correlation_id, summaryRequestId(turn.id)]),
  );
  return {
    evidence,
    turns,
    turnsOf,
    branchesOf: new Map(
      [...turnsOf].map(([id, ofConversation]) => [id, new Branches(ofConversation, messagesOf.get(id) ?? [])]),
    ),
    wordsOf: new Map(
      evidence.clients.sent.flatMap(({ accepted, content }) =>
        accepted.map(({ turnId }) => [turnId, content] as const),
      ),
    ),
    messagesOf,
    byMessageId,
    byTurnId: new Map(turns.map((turn) => [turn.turn.id, turn])),
    strayRequests: evidence.requests.filter((request) => !known.has(request.headers['x-client-request-id'])),
  };
}
