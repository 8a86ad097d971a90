import { AppConfig, Database, EventsBus, isUniqueViolation, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import {
  answeredByPerson,
  conversationNotFound,
  messageNotCurrent,
  messageNotEditable,
  messageNotOfModel,
  tooManyPendingTurns,
  turnNotFound,
  turnStillOpen,
} from './conversations.errors';
import { ConversationsService, titleFrom } from './conversations.service';
import { contentKey, MessageIntakeService } from './message-intake.service';
import { MessagesService } from './messages.service';
import { isConversationGone, LeasesRepository } from './persistence/leases.repository';
import type { OwnedMessage } from './persistence/messages.repository';
import { SummariesRepository } from './persistence/summaries.repository';
import { type CancelledTurn, TurnChangesRepository } from './persistence/turn-changes.repository';
import { type TurnViewRow, TurnsRepository } from './persistence/turns.repository';
import type { StoredImage } from './persistence/message-extras';
import { type RequestHash, RequestHashes } from './request-hashes';
import { TurnAdmission } from './turn-admission';
import { TurnWaiter } from './turn-waiter';
import { MessageImagesService } from './uploads/message-images.service';

/** How long a request to cancel waits for the worker to stop; it usually takes milliseconds. */
const STOP_WAIT_MS = 5_000;

/** Each next one needs a turn that has begun and ended between two statements. */
const REGENERATE_TRIES = 5;

/** What comes with a request that makes a turn, besides its content. */
export interface TurnRequest {
  idempotencyKey: string | null;
  correlationId: string | null;
  isWatched: boolean;
}

/** Cancelling, regenerating and editing. */
@Injectable()
export class TurnChangesService {
  constructor(
    private readonly database: Database,
    private readonly leases: LeasesRepository,
    private readonly summaries: SummariesRepository,
    private readonly changes: TurnChangesRepository,
    private readonly turns: TurnsRepository,
    private readonly messages: MessagesService,
    private readonly conversations: ConversationsService,
    private readonly intake: MessageIntakeService,
    private readonly admission: TurnAdmission,
    private readonly images: MessageImagesService,
    private readonly hashes: RequestHashes,
    private readonly waiter: TurnWaiter,
    private readonly events: EventsBus,
    private readonly config: AppConfig,
  ) {}

  /**
   * Stops a turn. What was written of its reply is kept. A turn that has ended stays as it is. The turn that is returned is still running
   * when its worker could not be reached in 5 seconds; it will be cancelled all the same.
   */
  async cancel(principal: Principal, turnId: number): Promise<TurnViewRow> {
    const { turn } = await this.messages.turn(principal, turnId);
    if (turn.finished_at === null) {
      const stopped = new AbortController();
      // Before the request, so that its answer cannot be missed.
      const hasStopped = this.waiter.waitFor(turnId, STOP_WAIT_MS, stopped.signal);
      try {
        const cancelled = await this.underLock(turn.conversation_id, async () => {
          const result = await this.changes.cancel(turnId);
          if (result?.wasEnded === true) await this.leases.revokeExpired(turn.conversation_id);
          return result;
        });
        if (cancelled === undefined) throw turnNotFound(turnId);
        if (cancelled.wasEnded) this.announce(turn.conversation_id, [{ id: turnId, wasRunning: false }]);
        else if (cancelled.status === 'running') this.events.publish({ type: 'turn.cancel-requested', turnId });
        if (cancelled.status === 'running') await hasStopped;
      } finally {
        stopped.abort();
      }
    }
    return this.messages.turn(principal, turnId);
  }

  /** One more reply to the same message; when it is there, it takes the place of the others. */
  async regenerate(
    principal: Principal,
    messageId: number,
    request: TurnRequest,
  ): Promise<{ turnId: number; isReplay: boolean }> {
    const message = await this.messages.owned(principal, messageId);
    if (message.role === 'agent' || message.role === 'system') throw messageNotOfModel(messageId);
    if (!message.is_current) throw messageNotCurrent(messageId);
    const requestHash = this.hashes.of(`regenerate:${message.user_message_id}`, message.is_encrypted);
    return this.once(message.conversation_id, request, requestHash, async () => {
      const admission = await this.admission.of({
        conversationId: message.conversation_id,
        userId: principal.userId,
        // It is part of the history already.
        content: '',
        imageCount: 0,
      });
      for (let tries = 1; tries <= REGENERATE_TRIES; tries += 1) {
        const made = await this.underLock(message.conversation_id, () =>
          this.intake.admitted(admission, () =>
            this.changes.addAlternative({
              userMessageId: message.user_message_id,
              ...request,
              requestHash: request.idempotencyKey === null ? null : requestHash.stored,
              maxPendingTurns: this.config.limits.maxPendingTurns,
            }),
          ),
        );
        if (made !== undefined) return made.turnId;
        await this.explainRefusal(principal, message);
        // What stood in the way has ended meanwhile.
      }
      return this.intake.explainRefusal(principal, message.conversation_id);
    });
  }

  /** The message as it should have been: what followed the old one stays, but the conversation goes on from here. */
  async edit(
    principal: Principal,
    messageId: number,
    changed: { content: string; /** Without it: those of the old message. */ images?: StoredImage[] },
    request: TurnRequest,
  ): Promise<{ turnId: number; isReplay: boolean }> {
    const message = await this.messages.owned(principal, messageId);
    if (message.role !== 'user') throw messageNotEditable(messageId);
    const requestHash = this.hashes.of(
      `edit:${messageId}:${contentKey(changed.content, changed.images)}`,
      message.is_encrypted,
    );
    let cancelled: CancelledTurn[] = [];
    const accepted = await this.once(message.conversation_id, request, requestHash, async () => {
      const admission = await this.admission.of({
        conversationId: message.conversation_id,
        userId: principal.userId,
        content: changed.content,
        imageCount: changed.images?.length ?? 0,
      });
      return this.underLock(message.conversation_id, async () => {
        if (!(await this.messages.owned(principal, messageId)).is_current) throw messageNotCurrent(messageId);
        cancelled = await this.changes.cancelOpenTurnsFrom(message.conversation_id, message.seq);
        if (cancelled.some(({ wasRunning }) => wasRunning)) await this.leases.revoke(message.conversation_id);
        await this.changes.supersedeFrom(message.conversation_id, message.seq);
        await this.summaries.forget(message.conversation_id, message.seq);
        const images = changed.images ?? (await this.messages.imagesOf(messageId));
        const made = await this.images.attach(principal, images, message.is_encrypted, () =>
          this.intake.admitted(admission, () =>
            this.turns.accept({
              conversationId: message.conversation_id,
              userId: principal.userId,
              content: changed.content,
              isEncrypted: message.is_encrypted,
              images,
              title: titleFrom(changed.content),
              editOfId: message.edit_of_id ?? messageId,
              ...request,
              requestHash: request.idempotencyKey === null ? null : requestHash.stored,
              maxPendingTurns: this.config.limits.maxPendingTurns,
            }),
          ),
        );
        return made?.turnId ?? this.intake.explainRefusal(principal, message.conversation_id);
      });
    });
    this.announce(message.conversation_id, cancelled);
    return accepted;
  }

  /** Makes a turn once per idempotency key, and wakes a worker. */
  private async once(
    conversationId: number,
    request: TurnRequest,
    requestHash: RequestHash,
    make: () => Promise<number>,
  ): Promise<{ turnId: number; isReplay: boolean }> {
    const replayed = await this.intake.replayOf(conversationId, request.idempotencyKey, requestHash);
    if (replayed !== undefined) return replayed;
    try {
      const turnId = await make();
      this.events.publish({ type: 'conversation.extended', conversationId, turnId });
      this.intake.wake(conversationId);
      return { turnId, isReplay: false };
    } catch (error) {
      // The same request, sent at the same time, may have been first; then that is why this one was refused.
      const first = await this.intake.replayOf(conversationId, request.idempotencyKey, requestHash);
      if (first !== undefined) return first;
      // It was, and is erased again with its conversation.
      throw isUniqueViolation(error, 'turns_idempotency_key') ? conversationNotFound(conversationId) : error;
    }
  }

  /** Throws why there is no further reply; returns when nothing is in the way any more. */
  private async explainRefusal(principal: Principal, message: OwnedMessage): Promise<void> {
    const asked = await this.messages.owned(principal, message.user_message_id);
    if (!asked.is_current) throw messageNotCurrent(message.id);
    const open = await this.turns.openTurnOf(message.user_message_id);
    if (open !== undefined) throw turnStillOpen(open);
    await this.intake.refuseClosed(principal, message.conversation_id);
    const { owner } = await this.conversations.get(principal, message.conversation_id);
    if (owner === 'human') throw answeredByPerson(message.conversation_id);
    const { maxPendingTurns } = this.config.limits;
    if ((await this.changes.openTurns(message.conversation_id)).length >= maxPendingTurns) {
      throw tooManyPendingTurns(maxPendingTurns);
    }
  }

  private async underLock<T>(conversationId: number, work: () => Promise<T>): Promise<T> {
    return this.database
      .transaction(async () => {
        await this.leases.lock(conversationId);
        return work();
      })
      .catch((error: unknown) => {
        // It went with its conversation while this waited for the lock.
        throw isConversationGone(error) ? conversationNotFound(conversationId) : error;
      });
  }

  private announce(conversationId: number, cancelled: readonly CancelledTurn[]): void {
    for (const { id: turnId, wasRunning } of cancelled) {
      // What is written now nobody will see; it need not be paid for.
      if (wasRunning) this.events.publish({ type: 'turn.cancel-requested', turnId });
      this.events.publish({ type: 'turn.finished', turnId, conversationId, status: 'cancelled' });
    }
    if (cancelled.length > 0) this.intake.wake(conversationId);
  }
}
