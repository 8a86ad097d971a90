import {
  type IncomingMessage,
  type AcceptedTurn,
  MessageIntakeService,
  TurnChangesService,
  type TurnRequest,
} from '@app/conversations';
import { Injectable } from '@nestjs/common';
import type { Session } from './session';
import { SessionAccess } from './session-access.service';
import { sessionEnded } from './sessions.errors';
import { SessionEndings } from './timeouts/session-endings.service';
import { SupportRules } from './support/doors/support-rules.service';

/** Takes in what is said in a session, whatever door it came through. The caller has made sure that it may be said. */
@Injectable()
export class SessionMessages {
  constructor(
    private readonly endings: SessionEndings,
    private readonly access: SessionAccess,
    private readonly intake: MessageIntakeService,
    private readonly supportRules: SupportRules,
    private readonly changes: TurnChangesService,
  ) {}

  /**
   * Commits message and turn. One that is overdue ends now, should the scheduled job not have been there yet.
   * @throws 409 SESSION.ENDED, what `SupportRules.admit` does, and what `MessageIntakeService.acceptMessage` does
   */
  async send(session: Session, message: Omit<IncomingMessage, 'conversationId'>): Promise<AcceptedTurn> {
    // A request that is repeated is answered as it was, also after the end: the conversation takes no other.
    if (message.idempotencyKey === null) await this.refuseEnded(session);
    else if (session.isOverdue) await this.endings.endOverdue([session.id]);
    await this.supportRules.admit(session);
    return this.intake.acceptMessage(this.access.principalOf(session), {
      ...message,
      isEncrypted: true,
      conversationId: session.conversationId,
    });
  }

  /**
   * One more reply to what was said. The caller has made sure that the message is the session's.
   * @throws as {@link send}, and what `TurnChangesService.regenerate` does
   */
  async regenerate(session: Session, messageId: number, request: TurnRequest): Promise<{ turnId: number }> {
    await this.refuseEnded(session);
    await this.supportRules.admit(session);
    return this.changes.regenerate(this.access.principalOf(session), messageId, request);
  }

  private async refuseEnded(session: Session): Promise<void> {
    if (session.status === 'ended') throw sessionEnded(session.endReason ?? 'ended');
    // What is being answered keeps it alive.
    if (session.isOverdue && (await this.endings.endOverdue([session.id])).length > 0) throw sessionEnded('timeout');
  }
}
