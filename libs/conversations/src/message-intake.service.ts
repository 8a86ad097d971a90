import { createHash } from 'node:crypto';
import { personaDeleted, PersonasService } from '@app/personas';
import { AppConfig, isUniqueViolation, JobQueue, type Principal, SeldomLog } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { conversationClosed, idempotencyMismatch, tooManyPendingTurns } from './conversations.errors';
import { ConversationsService, titleFrom } from './conversations.service';
import { TurnsRepository } from './persistence/turns.repository';

export interface IncomingMessage {
  conversationId: number;
  content: string;
  idempotencyKey: string | null;
  correlationId: string | null;
}

/** Takes a user's message in, whatever door it came through. */
@Injectable()
export class MessageIntakeService {
  private readonly unqueued: SeldomLog;

  constructor(
    private readonly turns: TurnsRepository,
    private readonly conversations: ConversationsService,
    private readonly personas: PersonasService,
    private readonly queue: JobQueue,
    private readonly config: AppConfig,
    logger: PinoLogger,
  ) {
    this.unqueued = new SeldomLog(logger, 'wake-ups were not queued; the reconciler finds the turns');
  }

  /**
   * Commits message and turn, then wakes a worker. When this returns, the message is safe, whatever happens to this process or the queue.
   * `isReplay` says that the idempotency key was used before: the turn is the one that it made then.
   */
  async acceptMessage(principal: Principal, message: IncomingMessage): Promise<{ turnId: number; isReplay: boolean }> {
    const requestHash = message.idempotencyKey === null ? null : createHash('sha256').update(message.content).digest();
    try {
      const accepted = await this.turns.accept({
        ...message,
        userId: principal.userId,
        title: titleFrom(message.content),
        requestHash,
        maxPendingTurns: this.config.limits.maxPendingTurns,
      });
      if (accepted === undefined) return await this.explainRefusal(principal, message, requestHash);
      this.wake(message.conversationId);
      return { turnId: accepted.turnId, isReplay: false };
    } catch (error) {
      if (message.idempotencyKey === null || !isUniqueViolation(error, 'turns_idempotency_key')) throw error;
      return this.replay(message.conversationId, message.idempotencyKey, requestHash!);
    }
  }

  /** Best effort: the reconciler finds what is not woken. */
  wake(conversationId: number, delayMs?: number): void {
    const dedupeKey = delayMs === undefined ? `conversation-${conversationId}` : undefined;
    this.queue
      .add('conversation.wake', { conversationId }, { delayMs, dedupeKey })
      .catch((error: unknown) => this.unqueued.warn(error));
  }

  private async replay(
    conversationId: number,
    key: string,
    requestHash: Buffer,
  ): Promise<{ turnId: number; isReplay: boolean }> {
    const turn = await this.turns.findByIdempotencyKey(conversationId, key);
    if (turn === undefined) throw idempotencyMismatch();
    return replayOf(turn, requestHash);
  }

  private async explainRefusal(
    principal: Principal,
    message: IncomingMessage,
    requestHash: Buffer | null,
  ): Promise<{ turnId: number; isReplay: boolean }> {
    const conversation = await this.conversations.get(principal, message.conversationId);
    if (message.idempotencyKey !== null && requestHash !== null) {
      // A repeated request is answered as the first was, whatever has become of the conversation since.
      const turn = await this.turns.findByIdempotencyKey(message.conversationId, message.idempotencyKey);
      if (turn !== undefined) return replayOf(turn, requestHash);
    }
    if (!conversation.is_active) throw conversationClosed(conversation.id);
    if ((await this.personas.currentVersion(conversation.persona_id)) === null) {
      throw personaDeleted(conversation.persona_id);
    }
    throw tooManyPendingTurns(this.config.limits.maxPendingTurns);
  }
}

function replayOf(
  turn: { id: number; request_hash: Buffer },
  requestHash: Buffer,
): { turnId: number; isReplay: boolean } {
  if (!turn.request_hash.equals(requestHash)) throw idempotencyMismatch();
  return { turnId: turn.id, isReplay: true };
}
