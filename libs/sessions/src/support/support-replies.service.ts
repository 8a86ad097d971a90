import { MessagesService, type TurnView, TurnWaiter } from '@app/conversations';
import { AppConfig } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Session } from '../session';
import { SessionAccess } from '../session-access.service';

/** Waits for what the AI says in a support session. */
@Injectable()
export class SupportReplies {
  constructor(
    private readonly access: SessionAccess,
    private readonly messages: MessagesService,
    private readonly waiter: TurnWaiter,
    private readonly config: AppConfig,
  ) {}

  /** The turn as it is when it has ended, or when `SEND_WAIT_MS` are over; at once when `isWaiting` is false. */
  async of(
    session: Session,
    { turnId, isReplay }: { turnId: number; isReplay: boolean },
    isWaiting: boolean,
  ): Promise<TurnView> {
    const principal = this.access.principalOf(session);
    if (isReplay || !isWaiting) {
      // A turn that was made before may have ended long ago, and then no event comes.
      const view = await this.messages.turn(principal, turnId);
      if (!isWaiting || view.turn.finished_at !== null) return view;
    }
    await this.waiter.waitFor(turnId, this.config.engine.sendWaitMs);
    return this.messages.turn(principal, turnId);
  }
}
