import type { Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { SessionsRepository } from './persistence/sessions.repository';
import { hashOfSessionId, isSessionId } from './session-ids';
import type { Session } from './session';
import { sessionNotFound } from './sessions.errors';

/** Who may talk in which session: asked by every door before anything else. */
@Injectable()
export class SessionAccess {
  constructor(private readonly sessions: SessionsRepository) {}

  /**
   * The support session whose id somebody knows, whether it is over or not.
   * @throws 404 SESSION.NOT_FOUND
   */
  async bySecret(sessionId: string): Promise<Session> {
    const session = isSessionId(sessionId) ? await this.sessions.findBySecret(hashOfSessionId(sessionId)) : undefined;
    if (session === undefined) throw sessionNotFound();
    return session;
  }

  /**
   * A coaching session of the caller's.
   * @throws 404 SESSION.NOT_FOUND, also for somebody else's
   */
  async owned(principal: Principal, publicId: string): Promise<Session> {
    const session = isSessionId(publicId) ? await this.sessions.findOwned(principal.userId, publicId) : undefined;
    if (session === undefined) throw sessionNotFound();
    return session;
  }

  /** The session that a conversation belongs to; undefined for none. The caller has made sure that it may be seen. */
  async ofConversation(conversationId: number): Promise<Session | undefined> {
    return this.sessions.findOfConversation(conversationId);
  }

  /** Whom a session's messages belong to. A visitor has no login; with one of these nothing else can be reached than what is theirs. */
  principalOf(session: Session): Principal {
    return { userId: session.userId, workspaceId: session.workspaceId, loginId: 0, isInstanceAdmin: false };
  }
}
