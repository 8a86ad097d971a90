import { type IncomingMessage, type MadeTurn, MessageIntakeService } from '@app/conversations';
import { Injectable } from '@nestjs/common';
import { SessionsRepository } from './persistence/sessions.repository';
import type { Session } from './session';
import { SessionAccess } from './session-access.service';
import { sessionEnded } from './sessions.errors';

/** Takes in what is said in a session, whatever door it came through. The caller has made sure that it may be said. */
@Injectable()
export class SessionMessages {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly access: SessionAccess,
    private readonly intake: MessageIntakeService,
  ) {}

  /**
   * Commits message and turn. One that is overdue ends now, should the scheduled job not have been there yet.
   * @throws 409 SESSION.ENDED, and what `MessageIntakeService.acceptMessage` does
   */
  async send(session: Session, message: Omit<IncomingMessage, 'conversationId'>): Promise<MadeTurn> {
    if (session.status === 'ended') throw sessionEnded(session.endReason ?? 'ended');
    if (session.isOverdue) {
      await this.sessions.end(session.id, 'timeout');
      throw sessionEnded('timeout');
    }
    return this.intake.acceptMessage(this.access.principalOf(session), {
      ...message,
      isEncrypted: true,
      conversationId: session.conversationId,
    });
  }
}
