import { EventsBus } from '@app/platform';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { TurnsRepository } from './persistence/turns.repository';

/** Events may be lost; all turns that are waited for are looked up together this often. */
const SWEEP_MS = 1000;

/** Waits for turns to finish: on events, with one query per second for all waiters as the safety net. */
@Injectable()
export class TurnWaiter implements BeforeApplicationShutdown {
  private readonly waiting = new Map<number, Set<() => void>>();
  private sweeper: NodeJS.Timeout | undefined;
  private isSweeping = false;
  private isClosing = false;
  private readonly giveUps = new Set<() => void>();

  constructor(
    private readonly events: EventsBus,
    private readonly turns: TurnsRepository,
    private readonly logger: PinoLogger,
  ) {}

  /** True when the turn finished in time, and before `signal` was aborted. */
  async waitFor(turnId: number, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    if (this.isClosing || signal?.aborted === true) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const giveUp = (): void => resolve(false);
    this.giveUps.add(giveUp);
    const finish = (): void => resolve(true);
    const timer = setTimeout(giveUp, timeoutMs);
    signal?.addEventListener('abort', giveUp, { once: true });
    const unsubscribe = this.events.subscribe(`turn:${turnId}`, finish);
    this.add(turnId, finish);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
      this.giveUps.delete(giveUp);
      unsubscribe();
      this.remove(turnId, finish);
    }
  }

  /** Before the server closes: whoever waits is told now that the reply comes later, instead of being cut off. */
  beforeApplicationShutdown(): void {
    this.isClosing = true;
    for (const giveUp of this.giveUps) giveUp();
  }

  private add(turnId: number, finish: () => void): void {
    const waiters = this.waiting.get(turnId) ?? new Set();
    this.waiting.set(turnId, waiters.add(finish));
    this.sweeper ??= setInterval(() => void this.sweep(), SWEEP_MS);
  }

  private remove(turnId: number, finish: () => void): void {
    const waiters = this.waiting.get(turnId);
    waiters?.delete(finish);
    if (waiters?.size === 0) this.waiting.delete(turnId);
    if (this.waiting.size > 0) return;
    clearInterval(this.sweeper);
    this.sweeper = undefined;
  }

  private async sweep(): Promise<void> {
    if (this.isSweeping) return;
    this.isSweeping = true;
    try {
      for (const turnId of await this.turns.finishedAmong([...this.waiting.keys()])) {
        for (const finish of this.waiting.get(turnId) ?? []) finish();
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'looking up the turns that are waited for failed; trying again');
    } finally {
      this.isSweeping = false;
    }
  }
}
