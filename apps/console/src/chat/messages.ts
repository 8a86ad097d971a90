import type { SocketMessage } from '@parley/client';

/** Who a message is by. A role that this page does not know yet is shown as a notice, so that nothing is hidden. */
export type Speaker = 'visitor' | 'assistant' | 'agent' | 'notice';

/** A message as it is shown. */
export interface ChatMessage {
  id: number;
  seq: number;
  speaker: Speaker;
  text: string;
  /** When it was stored, in ISO 8601. */
  at: string;
  turnId: number | null;
  /** Id of the message that this reply answers; undefined when it is none, or nobody said. */
  repliesToId: number | undefined;
  status: string;
  /** Part of the conversation as it was told when this was read. */
  isCurrent: boolean;
  /** 0 to 1; undefined when the model did not say. */
  confidence: number | undefined;
  clientMessageId: string | undefined;
}

const SPEAKERS: Record<string, Speaker> = { user: 'visitor', assistant: 'assistant', agent: 'agent' };

const speakerOf = (role: string): Speaker => SPEAKERS[role] ?? 'notice';

export const fromSocket = (message: SocketMessage): ChatMessage => ({
  id: message.messageId,
  seq: message.seq,
  speaker: speakerOf(message.role),
  text: message.message,
  at: message.timestamp,
  turnId: message.turnId,
  repliesToId: message.repliesToId,
  status: message.status,
  isCurrent: message.isCurrent,
  confidence: typeof message.confidence === 'number' ? message.confidence : undefined,
  clientMessageId: message.clientMessageId,
});

/** A message of `GET /api/v1/chat/history/{sessionId}`. */
export interface HistoryMessage {
  role: string;
  content: string;
  timestamp: string;
  messageId: number;
  seq: number;
  status: string;
}

export const fromHistory = (message: HistoryMessage): ChatMessage => ({
  id: message.messageId,
  seq: message.seq,
  speaker: speakerOf(message.role),
  text: message.content,
  at: message.timestamp,
  turnId: null,
  repliesToId: undefined,
  status: message.status,
  isCurrent: true,
  confidence: undefined,
  clientMessageId: undefined,
});

/** Both, by seq and each once; what came later counts. */
export function merged(known: readonly ChatMessage[], fresh: readonly ChatMessage[]): ChatMessage[] {
  const bySeq = new Map(known.map((message) => [message.seq, message]));
  for (const message of fresh) bySeq.set(message.seq, message);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/**
 * Without the replies that another one has replaced: of several replies to one message the last that counts is shown, or the first when none
 * does. What was replaced before it was read is left out.
 */
export function current(messages: readonly ChatMessage[]): ChatMessage[] {
  const shown = new Map<number, ChatMessage>();
  for (const message of messages) {
    if (message.repliesToId === undefined) continue;
    if (!shown.has(message.repliesToId) || message.isCurrent) shown.set(message.repliesToId, message);
  }
  return messages.filter((message) =>
    message.repliesToId === undefined ? message.isCurrent : shown.get(message.repliesToId)?.seq === message.seq,
  );
}
