import type { Admission } from '@app/contracts';
import { personaDeleted, PersonasService } from '@app/personas';
import { AppConfig, Database, EventsBus, isUniqueViolation, JobQueue, type Principal, SeldomLog } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { conversationClosed, idempotencyMismatch, sessionOver, tooManyPendingTurns } from './conversations.errors';
import { ConversationsService, isOfSession, titleFrom } from './conversations.service';
import { EncryptedConversations } from './encrypted-conversations';
import type { StoredImage } from './persistence/message-extras';
import { type AcceptedMessage, type BurstLimits, TurnsRepository } from './persistence/turns.repository';
import { type RequestHash, RequestHashes } from './request-hashes';
import { TurnAdmission } from './turn-admission';
import { MessageImagesService } from './uploads/message-images.service';
import { UnknownUpload } from './uploads/uploads.errors';

export interface IncomingMessage {
  conversationId: number;
  content: string;
  images?: StoredImage[];
  idempotencyKey: string | null;
  correlationId: string | null;
  /** What is said in the conversation is encrypted, should the caller know; finding out takes the first message longer. */
  isEncrypted?: boolean;
  /** Somebody reads along from the beginning. */
  isWatched?: boolean;
  /** It waits for more: what comes within `waitMs` (of the message before), and `maxMs` (of the first), is answered together. Off when `waitMs` is 0. */
  debounce?: Pick<BurstLimits, 'waitMs' | 'maxMs'>;
}

/** Text and pictures of a message, as far as the key of a request stands for them. */
export const contentKey = (content: string, images: readonly StoredImage[] = []): string =>
  images.length === 0 ? content : `${content}\0${JSON.stringify(images)}`;

/** A turn that a request made, or that the same request made before. */
export interface MadeTurn {
  turnId: number;
  isReplay: boolean;
  /** A person answers: the turn is over, and nothing of it will be told. */
  isHandedOff?: boolean;
}

/** With the user's message that it answers, and its place. */
export interface AcceptedTurn extends MadeTurn {
  messageId: number;
  seq: number;
}

/** Takes a user's message in, whatever door it came through. */
@Injectable()
export class MessageIntakeService {
  private readonly unqueued: SeldomLog;

  constructor(
    private readonly database: Database,
    private readonly turns: TurnsRepository,
    private readonly admission: TurnAdmission,
    private readonly conversations: ConversationsService,
    private readonly personas: PersonasService,
    private readonly images: MessageImagesService,
    private readonly encrypted: EncryptedConversations,
    private readonly hashes: RequestHashes,
    private readonly queue: JobQueue,
    private readonly events: EventsBus,
    private readonly config: AppConfig,
    logger: PinoLogger,
  ) {
    this.unqueued = new SeldomLog(logger, 'wake-ups were not queued; the reconciler finds the turns');
  }

  /**
   * Commits message and turn, then wakes a worker. When this returns, the message is safe, whatever happens to this process or the queue.
   * `isReplay` says that the idempotency key was used before: the turn is the one that it made then.
   */
  async acceptMessage(principal: Principal, message: IncomingMessage): Promise<AcceptedTurn> {
    return this.accept(principal, message, message.isEncrypted ?? this.encrypted.has(message.conversationId));
  }

  private async accept(principal: Principal, message: IncomingMessage, isEncrypted: boolean): Promise<AcceptedTurn> {
    const { content, conversationId, images = [], debounce, ...rest } = message;
    const requestHash =
      message.idempotencyKey === null ? null : this.hashes.of(contentKey(content, images), isEncrypted);
    const admission = await this.admission.of({
      conversationId,
      userId: principal.userId,
      content,
      imageCount: images.length,
    });
    try {
      const accepted = await this.images.attach(principal, images, isEncrypted, () =>
        this.admitted(admission, () =>
          this.turns.accept({
            ...rest,
            isEncrypted,
            conversationId,
            content,
            images,
            burst: this.burstOf(debounce),
            userId: principal.userId,
            title: titleFrom(content),
            requestHash: requestHash?.stored ?? null,
            maxPendingTurns: this.config.limits.maxPendingTurns,
          }),
        ),
      );
      if (accepted === undefined) {
        // Somebody else's key tells a stranger nothing.
        const conversation = await this.conversations.get(principal, conversationId);
        if (conversation.is_encrypted !== isEncrypted) return this.acceptAsItIs(principal, message, !isEncrypted);
        // A repeated request is answered as the first was, whatever has become of the conversation since.
        const replayed = await this.replayOf(message.conversationId, message.idempotencyKey, requestHash);
        return replayed ?? (await this.explainRefusal(principal, message.conversationId));
      }
      this.announce(conversationId, accepted);
      const { turnId, messageId, seq, isHandedOff } = accepted;
      return { turnId, messageId, seq, isReplay: false, isHandedOff };
    } catch (error) {
      // The picture of a message that was sent before, and deleted since, is gone.
      if (!isUniqueViolation(error, 'turns_idempotency_key') && !(error instanceof UnknownUpload)) throw error;
      const conversation = await this.conversations.get(principal, conversationId);
      if (conversation.is_encrypted !== isEncrypted) return this.acceptAsItIs(principal, message, !isEncrypted);
      const replayed = await this.replayOf(message.conversationId, message.idempotencyKey, requestHash);
      if (replayed === undefined) throw error instanceof UnknownUpload ? error : idempotencyMismatch();
      return replayed;
    }
  }

  /** The first message that this process takes into an encrypted conversation, by somebody who did not know that it is: nothing was stored yet. */
  private acceptAsItIs(principal: Principal, message: IncomingMessage, isEncrypted: boolean): Promise<AcceptedTurn> {
    if (isEncrypted) this.encrypted.remember(message.conversationId);
    return this.accept(principal, message, isEncrypted);
  }

  /** Makes a turn, and takes what it may use from the budgets in the same transaction. @throws what `Admission.reserve` does; no turn is made then */
  async admitted<T extends { turnId: number; isHandedOff?: boolean }>(
    admission: Admission | undefined,
    make: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    if (admission === undefined) return make();
    return this.database.transaction(async () => {
      const made = await make();
      if (made !== undefined && made.isHandedOff !== true) await admission.reserve(made.turnId);
      return made;
    });
  }

  /** Tells whoever follows the conversation, or waits for a turn that has become part of this one; and wakes a worker. */
  private announce(conversationId: number, accepted: AcceptedMessage): void {
    const { turnId, isFollowed, mergedTurnId, delayMs, isHandedOff } = accepted;
    // People of the team are told at once, too.
    if (isFollowed || isHandedOff) this.events.publish({ type: 'conversation.extended', conversationId, turnId });
    if (mergedTurnId !== null) {
      this.events.publish({
        type: 'turn.finished',
        turnId: mergedTurnId,
        conversationId,
        status: 'merged',
        mergedIntoId: turnId,
      });
    }
    if (!isHandedOff) this.wake(conversationId, delayMs > 0 ? delayMs : undefined);
  }

  /** Messages that are answered together must all fit into the prompt. */
  private burstOf(debounce: IncomingMessage['debounce']): BurstLimits | undefined {
    const maxMessages = this.config.limits.maxConversationHistory;
    if (debounce === undefined || debounce.waitMs === 0 || maxMessages === 0) return undefined;
    return { ...debounce, maxMessages };
  }

  /** Best effort: the reconciler finds what is not woken. */
  wake(conversationId: number, delayMs?: number): void {
    const dedupeKey = delayMs === undefined ? `conversation-${conversationId}` : undefined;
    this.queue
      .add('conversation.wake', { conversationId }, { delayMs, dedupeKey })
      .catch((error: unknown) => this.unqueued.warn(error));
  }

  /** The turn that this very request has made before; undefined for a new one. @throws 422 when the key stood for another request */
  async replayOf(
    conversationId: number,
    key: string | null,
    requestHash: RequestHash | null,
  ): Promise<AcceptedTurn | undefined> {
    if (key === null || requestHash === null) return undefined;
    const turn = await this.turns.findByIdempotencyKey(conversationId, key);
    if (turn === undefined) return undefined;
    if (!requestHash.isOf(turn)) throw idempotencyMismatch();
    return { turnId: turn.id, messageId: turn.user_message_id, seq: turn.user_seq, isReplay: true };
  }

  /** Finds out why a conversation took nothing. */
  async explainRefusal(principal: Principal, conversationId: number): Promise<never> {
    await this.refuseClosed(principal, conversationId);
    throw tooManyPendingTurns(this.config.limits.maxPendingTurns);
  }

  /** @throws when a conversation takes nothing, however few messages wait in it */
  async refuseClosed(principal: Principal, conversationId: number): Promise<void> {
    const conversation = await this.conversations.get(principal, conversationId);
    if (!conversation.is_active) {
      throw isOfSession(conversation) ? sessionOver(conversation.id) : conversationClosed(conversation.id);
    }
    if (conversation.owner === 'human') return;
    if ((await this.personas.currentVersion(conversation.persona_id)) === null) {
      throw personaDeleted(conversation.persona_id);
    }
  }
}
