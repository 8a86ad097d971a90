import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { MessageIntakeService, type TakenConversation, TurnWorkService } from '@app/conversations';
import { AppConfig } from '@app/platform';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { TurnRunner } from './turn-runner';

/** How long running turns may go on when the process is asked to end; after it they go back to the queue. */
const SHUTDOWN_GRACE_MS = 3000;

type LeaseEnd = 'over' | 'look-again';

/** Works on one conversation at a time until it has nothing to do now, under a lease that a heartbeat keeps alive. */
@Injectable()
export class ConversationRunner implements BeforeApplicationShutdown {
  private readonly owner = `${hostname().slice(0, 20)}-${process.pid}-${randomUUID().slice(0, 8)}`;
  private readonly running = new Set<Promise<void>>();
  private readonly shutdown = new AbortController();
  private isClosing = false;

  constructor(
    private readonly turns: TurnWorkService,
    private readonly runner: TurnRunner,
    private readonly intake: MessageIntakeService,
    private readonly config: AppConfig,
    private readonly logger: PinoLogger,
  ) {}

  /** Runs the open turns of a conversation. Returns at once when another worker has it: that one looks again before it leaves. */
  async run(conversationId: number): Promise<void> {
    const work = this.work(conversationId);
    this.running.add(work);
    try {
      await work;
    } finally {
      this.running.delete(work);
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isClosing = true;
    const grace = setTimeout(() => this.shutdown.abort(), SHUTDOWN_GRACE_MS);
    await Promise.allSettled(this.running);
    clearTimeout(grace);
  }

  private async work(conversationId: number): Promise<void> {
    while (!this.isClosing) {
      const taken = await this.turns.take(conversationId, this.owner);
      if (taken === undefined) return;
      const end = await this.workUnderLease(conversationId, taken);
      if (end === 'over') return;
      // Whoever wrote while we held the lease found it taken and left. So look once more now that it is free.
      const waitMs = await this.turns.msUntilNext(conversationId);
      if (waitMs === null) return;
      // A process that ends leaves the rest to another one.
      if (waitMs > 0 || this.isClosing) {
        this.intake.wake(conversationId, waitMs > 0 ? waitMs : undefined);
        return;
      }
    }
  }

  /** 'over' when the lease went to somebody else, or ended in the same commit as the last open turn. */
  private async workUnderLease(conversationId: number, { token, turn: first }: TakenConversation): Promise<LeaseEnd> {
    const lease = new AbortController();
    const signal = AbortSignal.any([lease.signal, this.shutdown.signal]);
    const heartbeat = this.startHeartbeat(conversationId, token, lease);
    let isReleased = false;
    try {
      let turn = first ?? (await this.turns.beginNext(conversationId, token));
      while (turn !== undefined) {
        const result = await this.runner.run(turn, token, signal);
        isReleased = result === 'released';
        if (isReleased || result === 'not-ours') return 'over';
        if (result === 'postponed' || signal.aborted || this.isClosing) break;
        turn = await this.turns.beginNext(conversationId, token);
      }
      return lease.signal.aborted ? 'over' : 'look-again';
    } finally {
      clearInterval(heartbeat);
      if (!isReleased) await this.turns.release(conversationId, token);
    }
  }

  private startHeartbeat(conversationId: number, token: number, lease: AbortController): NodeJS.Timeout {
    let lastRenewedAt = performance.now();
    let isRenewing = false;
    const beat = async (): Promise<void> => {
      if (isRenewing) return;
      isRenewing = true;
      try {
        if (await this.turns.renew(conversationId, token)) lastRenewedAt = performance.now();
        else lease.abort();
      } catch (error) {
        this.logger.warn({ err: error, conversation_id: conversationId }, 'a lease was not renewed; trying again');
        // The commit is fenced anyway; stopping early saves tokens that nobody would see.
        if (performance.now() - lastRenewedAt > this.config.engine.leaseMs) lease.abort();
      } finally {
        isRenewing = false;
      }
    };
    return setInterval(() => void beat(), this.config.engine.heartbeatMs);
  }
}
