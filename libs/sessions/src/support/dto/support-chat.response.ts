import { ApiProperty } from '@nestjs/swagger';
import type { MessageRole, MessageRow, MessageStatus, TurnViewRow } from '@app/conversations';
import { expiresAt, type Session, type SessionEndReason, type SessionStatus } from '../../session';
import type { BegunSupportSession } from '../support-sessions.service';

const iso = (value: Date | string): string => new Date(value).toISOString();

/** A session that has begun. Keep `sessionId` like a password: whoever knows it may read and write in the session. */
export class SupportSessionResponse {
  /** @example ss_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAA */
  sessionId: string;

  /** What your site calls the visitor; null when it said nothing.
   * @example user123 */
  userId: string | null;

  /** Whether your site has vouched for `userId`.
   * @example false */
  isIdentified: boolean;

  /** @example 2026-11-21T12:00:00.000Z */
  createdAt: string;

  /** The session ends then unless something is said before.
   * @example 2026-11-21T12:30:00.000Z */
  expiresAt: string;

  static from({ sessionId, session, visitor }: BegunSupportSession): SupportSessionResponse {
    return {
      sessionId,
      userId: visitor.userId,
      isIdentified: visitor.isProven,
      createdAt: iso(session.startedAt),
      expiresAt: iso(expiresAt(session)),
    };
  }
}

/** The answer to a visitor's message. */
export class SupportReplyResponse {
  /** @example ss_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAA */
  sessionId: string;

  /** What the AI says; when no model could answer, a text that says so. When people were asked to take over, a blank line and what the visitor is told
   * of that come after it, which is a message of its own in the history. Empty when the answer was stopped before it had a word.
   * @example "I am sorry to hear that. What is your order number?" */
  message: string;

  /** Number of the answer's message; null when there is none.
   * @example 2 */
  messageId: number | null;

  /** How sure the model says it is, 0 to 1; null when nobody asked it, or it did not say.
   * @example 0.9 */
  confidence: number | null;

  /** Whether people of the team were asked to take over when this message was answered. True once for each escalation: while they are asked, or have the
   * conversation, later messages do not ask them again.
   * @example false */
  escalated: boolean;

  /** Why they were; null when they were not.
   * @example null */
  escalationReason: string | null;

  /** Number of the turn: the visitor's message and what became of it.
   * @example 1 */
  turnId: number;

  /** Place of the answer in the conversation; null when there is none.
   * @example 2 */
  seq: number | null;

  /** `completed`; `truncated`: cut at the longest allowed answer; `fallback`: no model could answer; `cancelled`: stopped half-way; `handed_off`: a person
   * of the team answers, in the history.
   * @example completed */
  @ApiProperty({ enum: ['completed', 'truncated', 'fallback', 'cancelled', 'handed_off'] })
  status: MessageStatus | 'handed_off';

  static from(
    sessionId: string,
    { turn, assistant_message: reply, hand_off_notice: notice }: TurnViewRow,
  ): SupportReplyResponse {
    return {
      sessionId,
      message: [reply?.content ?? '', notice ?? ''].filter((text) => text !== '').join('\n\n'),
      messageId: reply?.id ?? null,
      confidence: reply?.confidence ?? null,
      escalated: turn.escalation_reason !== null,
      escalationReason: turn.escalation_reason,
      turnId: turn.id,
      seq: reply?.seq ?? null,
      status: reply?.status ?? (turn.status === 'handed_off' ? 'handed_off' : 'cancelled'),
    };
  }
}

/** The message is stored and will be answered; ask for the answer with the history, or again with the same Idempotency-Key. */
export class SupportPendingResponse {
  /** @example ss_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAA */
  sessionId: string;

  /** @example 1 */
  turnId: number;

  /** Place of the visitor's message: `GET …/history/{sessionId}?afterSeq=` with it finds the answer.
   * @example 1 */
  seq: number;

  /** @example pending */
  status: 'pending';

  static from(sessionId: string, { turn }: TurnViewRow): SupportPendingResponse {
    return { sessionId, turnId: turn.id, seq: turn.user_seq, status: 'pending' };
  }
}

/** One message of a session. */
export class SupportHistoryMessageResponse {
  /** `user`: the visitor; `assistant`: the AI; `agent`: a person of the team; `system`: a notice.
   * @example assistant */
  @ApiProperty({ enum: ['user', 'assistant', 'agent', 'system'] })
  role: MessageRole;

  /** @example "What is your order number?" */
  content: string;

  /** @example 2026-11-21T12:00:01.000Z */
  timestamp: string;

  /** @example 2 */
  messageId: number;

  /** Place in the conversation: 1, 2, 3 … A number that is missing is a message that was deleted.
   * @example 2 */
  seq: number;

  /** @example completed */
  status: MessageStatus;

  static from({ role, content, created_at, id, seq, status }: MessageRow): SupportHistoryMessageResponse {
    return { role, content, timestamp: iso(created_at), messageId: id, seq, status };
  }
}

/** Messages in ascending order. */
export class SupportHistoryResponse {
  /** @example ss_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAA */
  sessionId: string;

  messages: SupportHistoryMessageResponse[];

  /** There are more in the direction that was asked for.
   * @example false */
  hasMore: boolean;
}

/** A session that is over. */
export class SupportSessionEndResponse {
  /** @example ss_3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAA */
  sessionId: string;

  /** @example ended */
  status: SessionStatus;

  /** `timeout`: nothing was said for too long.
   * @example ended */
  endReason: SessionEndReason | null;

  /** @example 2026-11-21T12:10:00.000Z */
  endedAt: string | null;

  static from(sessionId: string, { status, endReason, endedAt }: Session): SupportSessionEndResponse {
    return { sessionId, status, endReason, endedAt: endedAt === null ? null : iso(endedAt) };
  }
}
