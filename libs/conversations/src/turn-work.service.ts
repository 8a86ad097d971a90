import { AppConfig, Database, EventsBus, isForeignKeyViolation } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { AttemptEndingsRepository } from './persistence/attempt-endings.repository';
import { isConversationGone, LeasesRepository } from './persistence/leases.repository';
import { TurnHistoryRepository } from './persistence/turn-history.repository';
import type {
  BegunTurn,
  FinishResult,
  HistoryTurn,
  ModelChoice,
  Outcome,
  TakenConversation,
} from './persistence/turn-work';
import { TurnWorkRepository } from './persistence/turn-work.repository';

/** What a worker does with turns. The gateway drives it; the rules of order and exclusivity are kept here, in the database. */
@Injectable()
export class TurnWorkService {
  constructor(
    private readonly database: Database,
    private readonly leases: LeasesRepository,
    private readonly work: TurnWorkRepository,
    private readonly past: TurnHistoryRepository,
    private readonly endings: AttemptEndingsRepository,
    private readonly config: AppConfig,
    private readonly events: EventsBus,
  ) {}

  /** A turn has two messages, so this is enough whatever was left unanswered. */
  private get historyTurns(): number {
    return this.config.limits.maxConversationHistory;
  }

  /** Undefined when nothing may run now, another worker has the conversation, or it is gone. */
  async take(conversationId: number, owner: string): Promise<TakenConversation | undefined> {
    try {
      return await this.work.take(conversationId, owner, this.config.engine.leaseMs, this.historyTurns);
    } catch (error) {
      if (isForeignKeyViolation(error)) return undefined;
      throw error;
    }
  }

  /** False when the lease was lost. A request to cancel whose event was lost is passed on. */
  async renew(conversationId: number, token: number): Promise<boolean> {
    const { isOurs, cancelledTurnId } = await this.leases.renew(conversationId, token, this.config.engine.leaseMs);
    if (cancelledTurnId !== null) this.events.publish({ type: 'turn.cancel-requested', turnId: cancelledTurnId });
    return isOurs;
  }

  async release(conversationId: number, token: number): Promise<void> {
    await this.leases.release(conversationId, token);
  }

  async beginNext(conversationId: number, token: number): Promise<BegunTurn | undefined> {
    return this.work.beginNext(conversationId, token, this.historyTurns);
  }

  /** The turns that count, up to the oldest open one; oldest first, at most `maxTurns` of the newest. */
  async history(conversationId: number, maxTurns: number, userSeq: number | null = null): Promise<HistoryTurn[]> {
    return this.past.historyBefore(conversationId, userSeq, maxTurns);
  }

  /** Runs `work` in a transaction during which no turn of the conversation begins or ends. Undefined when the conversation is gone. */
  async whileNothingChanges<T>(conversationId: number, work: () => Promise<T>): Promise<T | undefined> {
    return this.database
      .transaction(async () => ((await this.leases.lock(conversationId)) ? work() : undefined))
      .catch((error: unknown) => {
        if (isConversationGone(error)) return undefined;
        throw error;
      });
  }

  async msUntilNext(conversationId: number): Promise<number | null> {
    return this.work.msUntilNext(conversationId);
  }

  /** Call it inside the transaction that also closes the ledger row; `announce` comes after the commit. */
  async finish(turn: BegunTurn, token: number, outcome: Outcome): Promise<FinishResult> {
    return this.endings.finish(turn, token, outcome);
  }

  /** After a 'not-ours': how this very attempt has ended the turn before, when only the answer to its commit got lost. */
  async wasFinished(turn: BegunTurn): Promise<Outcome['status'] | undefined> {
    return this.endings.wasFinished(turn);
  }

  async postpone(turn: BegunTurn, token: number, delayMs: number, model?: ModelChoice): Promise<boolean> {
    return this.endings.postpone(turn, token, delayMs, model);
  }

  /** Gives the turn back for `delayMs` because no call may be made now; that costs it neither an attempt nor a retry. */
  async holdBack(turn: BegunTurn, token: number, delayMs: number): Promise<boolean> {
    return this.endings.holdBack(turn, token, delayMs);
  }

  /** Gives the turn back unfinished, to be run again at once; it does not count as a failed attempt. */
  async putBack(turn: BegunTurn, token: number): Promise<boolean> {
    return this.endings.putBack(turn, token);
  }

  /** The number of one more attempt inside the running one, or null when the turn is not ours any more. */
  async beginExtraAttempt(turn: BegunTurn, token: number): Promise<number | null> {
    return this.endings.beginExtraAttempt(turn, token);
  }

  announce(turn: BegunTurn, status: Outcome['status']): void {
    this.events.publish({ type: 'turn.finished', turnId: turn.turnId, conversationId: turn.conversationId, status });
  }

  async findForgotten(graceMs: number, limit: number): Promise<number[]> {
    return this.work.findForgotten(graceMs, limit);
  }
}
