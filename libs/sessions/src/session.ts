/** `coaching`: a member of a workspace talks about, or for, a client. `support`: a visitor of a website talks for themselves. */
export type SessionKind = 'coaching' | 'support';
export type SessionStatus = 'active' | 'ended';
/** `timeout`: nothing was said for too long. `erased`: what it was about is deleted. */
export type SessionEndReason = 'ended' | 'timeout' | 'erased';
/** Of the summary at the session's end. */
export type SummaryStatus = 'none' | 'pending' | 'written' | 'failed';

/** A time-bounded engagement of a client or a visitor with a persona. It owns one conversation. */
export interface Session {
  /** Internal number. */
  id: number;
  kind: SessionKind;
  /** Of a coaching session. A support session's id is a secret, and only its hash is kept. */
  publicId: string | null;
  workspaceId: number;
  /** Whose conversation it is: the member who began it, or the visitor. */
  userId: number;
  personaId: number;
  clientId: number | null;
  conversationId: number;
  status: SessionStatus;
  endReason: SessionEndReason | null;
  /** It ends by itself when nothing was said for so long. */
  timeoutMs: number;
  /** As they are stored; see `openGoals`. */
  goals: string[];
  /** Encrypted. */
  summary: string | null;
  summaryStatus: SummaryStatus;
  /** The last message that its person has read. */
  readSeq: number;
  /** What the host site says of the visitor, encrypted. */
  visitorData: string | null;
  startedAt: Date;
  reopenedAt: Date | null;
  endedAt: Date | null;
  /** When something was said last. */
  lastActivityAt: Date;
  /** Nothing was said for `timeoutMs`; by the database's clock. The scheduled job may not have ended it yet. */
  isOverdue: boolean;
  messageCount: number;
}

/** When it ends by itself unless something is said before. */
export const expiresAt = (session: Session): Date => new Date(session.lastActivityAt.getTime() + session.timeoutMs);
