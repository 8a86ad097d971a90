import type { SocketTarget } from '@app/contracts';
import { ConversationsService } from '@app/conversations';
import type { Principal } from '@app/platform';
import { type Session, SessionAccess } from '@app/sessions';
import { Injectable } from '@nestjs/common';
import type { Connection } from '../connections/connection';
import { loginNeeded, nothingNamed } from '../socket-errors';
import { FailedProofs } from './failed-proofs';
import { SocketOrigins } from './socket-origins.service';

/** A conversation that a socket may use. */
export interface OpenedConversation {
  conversationId: number;
  workspaceId: number;
  /** With whose rights the conversation's services are called. */
  principal: Principal;
  session: Session | undefined;
}

const COACHING = 'cs_';

/** Says whether a socket may use a conversation; nothing is joined, read or sent before. */
@Injectable()
export class ConversationAccess {
  constructor(
    private readonly sessions: SessionAccess,
    private readonly conversations: ConversationsService,
    private readonly origins: SocketOrigins,
    private readonly failedProofs: FailedProofs,
  ) {}

  /**
   * By the id of a session (a support session's is a secret, a coaching session must be the caller's own), or by the number of the caller's own
   * conversation. Without either it is the session of the handshake.
   * @throws 404 SESSION.NOT_FOUND, 401 AUTH.REQUIRED, 403 or 404 for conversations, 403 SOCKET.ORIGIN, 422, 429 after many wrong ids
   */
  async open(connection: Connection, target: SocketTarget): Promise<OpenedConversation> {
    const { login, sessionId: own } = connection.data;
    const sessionId = target.sessionId ?? (target.conversationId === undefined ? own : undefined);
    if (sessionId !== undefined) return this.proven(connection, sessionId);
    if (target.conversationId === undefined) throw nothingNamed();
    if (login === undefined) throw loginNeeded();
    const conversation = await this.conversations.get(login.principal, target.conversationId);
    return {
      conversationId: conversation.id,
      workspaceId: conversation.workspace_id,
      principal: login.principal,
      session: await this.sessions.ofConversation(conversation.id),
    };
  }

  /** For who has yet to show that they know the session's id: wrong ones count for their network. @throws as {@link open} */
  async proven(connection: Pick<Connection, 'data'>, sessionId: string): Promise<OpenedConversation> {
    return this.failedProofs.guard(connection.data.network, () => this.bySession(connection, sessionId));
  }

  /** For who has shown it before: whether the session still is there, and open to them. @throws as {@link open}, but for 429 */
  async bySession(connection: Pick<Connection, 'data'>, sessionId: string): Promise<OpenedConversation> {
    const { login } = connection.data;
    if (sessionId.startsWith(COACHING)) {
      if (login === undefined) throw loginNeeded();
      return this.opened(await this.sessions.owned(login.principal, sessionId));
    }
    const session = await this.sessions.bySecret(sessionId);
    await this.origins.assertSession(connection.data.origin, session);
    return this.opened(session);
  }

  private opened(session: Session): OpenedConversation {
    return {
      conversationId: session.conversationId,
      workspaceId: session.workspaceId,
      principal: this.sessions.principalOf(session),
      session,
    };
  }
}
