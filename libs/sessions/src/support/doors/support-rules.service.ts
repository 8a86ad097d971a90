import { Injectable } from '@nestjs/common';
import type { Session } from '../../session';
import { supportClosed } from '../support.errors';
import { isOpen, SupportDoors } from './support-doors.service';
import { SupportLimits } from './support-limits';

/** What holds for a message in a support session, whatever door it comes through. */
@Injectable()
export class SupportRules {
  constructor(
    private readonly doors: SupportDoors,
    private readonly limits: SupportLimits,
  ) {}

  /** @throws 403 SUPPORT.CLOSED when the chat is switched off, 429 when the session says too much */
  async admit(session: Session): Promise<void> {
    if (session.kind !== 'support') return;
    const door = await this.doors.ofWorkspace(session.workspaceId);
    if (!isOpen(door)) throw supportClosed();
    this.limits.countMessage(session.id, door);
  }
}
