import { VisitorsService } from '@app/auth';
import { Injectable } from '@nestjs/common';
import type { Session } from '../../session';
import { supportClosed } from '../support.errors';
import { isOpen, SupportDoors } from './support-doors.service';
import { type Caller, SupportLimits } from './support-limits';

/** Visitors of whom this process remembers whether they are proven: it never changes. */
const MAX_KNOWN_VISITORS = 20_000;

/** What holds for a message in a support session, whatever door it comes through. */
@Injectable()
export class SupportRules {
  /** Ids of users. */
  private readonly proven = new Map<number, boolean>();

  constructor(
    private readonly doors: SupportDoors,
    private readonly limits: SupportLimits,
    private readonly visitors: VisitorsService,
  ) {}

  /** Before a message: visitors whom nobody vouches for count with their network. @throws 429 */
  async countMessage(session: Session, caller: Caller): Promise<void> {
    if (session.kind !== 'support') return;
    this.limits.countVisitor(caller, (await this.isProven(session)) ? `user ${session.userId}` : undefined);
  }

  /** @throws 403 SUPPORT.CLOSED when the chat is switched off, 429 when the session says too much */
  async admit(session: Session): Promise<void> {
    if (session.kind !== 'support') return;
    const door = await this.doors.ofWorkspace(session.workspaceId);
    if (!isOpen(door)) throw supportClosed();
    this.limits.countMessage(session.id, door);
  }

  private async isProven({ userId }: Session): Promise<boolean> {
    const known = this.proven.get(userId);
    if (known !== undefined) return known;
    const isProven = await this.visitors.isProven(userId);
    const oldest = this.proven.keys().next();
    if (this.proven.size >= MAX_KNOWN_VISITORS && oldest.done !== true) this.proven.delete(oldest.value);
    this.proven.set(userId, isProven);
    return isProven;
  }
}
