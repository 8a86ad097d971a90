import { MessageResponse, type TurnViewRow } from '@app/conversations';
import type { Page } from '@app/platform';
import type { SessionEndReason, SessionStatus, SummaryStatus } from '../../session';
import type { CoachingSession } from '../coaching-sessions.service';

/** A time-bounded engagement of a client with a persona. */
export class SessionResponse {
  /** Cannot be guessed.
   * @example cs_Zk3vJ8Qw1xY5bN7mT2rD9fGhL4pSaE6u */
  id: string;

  /** Its messages are also at /chat/conversations/{conversation_id}.
   * @example 1 */
  conversation_id: number;

  /** @example 2 */
  workspace_id: number;

  /** @example 1 */
  persona_id: number;

  /** @example 1 */
  client_id: number;

  /** @example active */
  status: SessionStatus;

  /** `ended`: by you; `timeout`: nothing was said for too long. Null while it is active.
   * @example null */
  end_reason: SessionEndReason | null;

  /** What the client wants to reach.
   * @example ["Sleep seven hours", "Say no more often"] */
  goals: string[];

  /** Written by the model after the end: topics, agreements, progress on goals, next steps. Of a session that was reopened: the one of before.
   * @example null */
  summary: string | null;

  /** `none`: nothing to sum up, or switched off; `pending`: on its way; `written`; `failed`: it could not be had.
   * @example none */
  summary_status: SummaryStatus;

  /** Messages in it.
   * @example 2 */
  message_count: number;

  /** It ends by itself when nothing was said for so many milliseconds.
   * @example 1800000 */
  timeout_ms: number;

  /** @example 2026-11-21T12:05:00.000Z */
  started_at: string;

  /** Null while it is active.
   * @example null */
  ended_at: string | null;

  /** When something was said last.
   * @example 2026-11-21T12:06:00.000Z */
  last_activity_at: string;

  /** When it ends unless something is said before; null when it has ended.
   * @example 2026-11-21T12:36:00.000Z */
  expires_at: string | null;

  static from(session: CoachingSession): SessionResponse {
    return {
      id: session.publicId,
      conversation_id: session.conversationId,
      workspace_id: session.workspaceId,
      persona_id: session.personaId,
      client_id: session.clientId,
      status: session.status,
      end_reason: session.endReason,
      goals: session.goals,
      summary: session.summary,
      summary_status: session.summaryStatus,
      message_count: session.messageCount,
      timeout_ms: session.timeoutMs,
      started_at: session.startedAt.toISOString(),
      ended_at: session.endedAt?.toISOString() ?? null,
      last_activity_at: session.lastActivityAt.toISOString(),
      expires_at: session.expiresAt?.toISOString() ?? null,
    };
  }
}

export class SessionListResponse {
  /** Newest first. */
  sessions: SessionResponse[];

  /** @example false */
  has_more: boolean;

  /** For the next page; null on the last one.
   * @example null */
  next_cursor: string | null;

  static from(page: Page<CoachingSession>): SessionListResponse {
    return {
      sessions: page.items.map((session) => SessionResponse.from(session)),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    };
  }
}

/** Answer of a send whose reply is there. */
export class SessionSendResponse {
  session: SessionResponse;

  user_message: MessageResponse | null;

  /** The reply, or with status `fallback` the text that says why there is none. Null only when the turn was cancelled. */
  assistant_message: MessageResponse | null;

  /** @example 1 */
  turn_id: number;

  static from(session: CoachingSession, view: TurnViewRow): SessionSendResponse {
    return {
      session: SessionResponse.from(session),
      user_message: view.user_message && MessageResponse.from(view.user_message),
      assistant_message: view.assistant_message && MessageResponse.from(view.assistant_message),
      turn_id: view.turn.id,
    };
  }
}
