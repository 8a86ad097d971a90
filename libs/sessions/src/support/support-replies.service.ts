import { MessagesService, type TurnViewRow, TurnEventsService, TurnWaiter } from '@app/conversations';
import { AppConfig } from '@app/platform';
import { Injectable, StreamableFile } from '@nestjs/common';
import type { Session } from '../session';
import { SessionAccess } from '../session-access.service';
import { visitorEvents } from './visitor-events';

/** Waits for what the AI says in a support session. */
@Injectable()
export class SupportReplies {
  constructor(
    private readonly access: SessionAccess,
    private readonly messages: MessagesService,
    private readonly waiter: TurnWaiter,
    private readonly turnEvents: TurnEventsService,
    private readonly config: AppConfig,
  ) {}

  /**
   * The turn as it is when it has ended, or when `SEND_WAIT_MS` are over; at once when `isWaiting` is false. For a message that is answered
   * together with a later one, the turn that answers it.
   */
  async of(
    session: Session,
    { turnId, isReplay, isHandedOff = false }: { turnId: number; isReplay: boolean; isHandedOff?: boolean },
    isWaiting: boolean,
  ): Promise<TurnViewRow> {
    const endsAt = performance.now() + (isWaiting ? this.config.engine.sendWaitMs : 0);
    // Of what a person answers no model does: nothing is waited for.
    let view =
      isReplay || isHandedOff || !isWaiting
        ? await this.look(session, turnId)
        : await this.wait(session, turnId, endsAt);
    while (view.turn.merged_into_id !== null && performance.now() < endsAt) {
      view = await this.wait(session, view.turn.merged_into_id, endsAt);
    }
    // A turn that was made before may have ended long ago, and then no event comes.
    return view.turn.finished_at === null && isReplay ? this.wait(session, turnId, endsAt) : view;
  }

  /** Before a message is taken in whose answer is to be streamed. @throws 429 TURN.TOO_MANY_STREAMS */
  refuseTooManyStreams(session: Session): void {
    this.turnEvents.refuseTooMany(this.access.principalOf(session));
  }

  /** Whether another answer can be streamed now. */
  hasRoom(session: Session): boolean {
    return this.turnEvents.hasRoom(this.access.principalOf(session));
  }

  /** The answer as server-sent events while it is written; the last one has all of it. */
  async stream(session: Session, sessionId: string, turnId: number): Promise<StreamableFile> {
    const principal = this.access.principalOf(session);
    const stream = await this.turnEvents.open(principal, turnId, 0, 'after', visitorEvents(sessionId));
    return new StreamableFile(stream, { type: 'text/event-stream; charset=utf-8' });
  }

  private async wait(session: Session, turnId: number, endsAt: number): Promise<TurnViewRow> {
    const leftMs = endsAt - performance.now();
    if (leftMs > 0) await this.waiter.waitFor(turnId, leftMs);
    return this.look(session, turnId);
  }

  private async look(session: Session, turnId: number): Promise<TurnViewRow> {
    return this.messages.turn(this.access.principalOf(session), turnId);
  }
}
