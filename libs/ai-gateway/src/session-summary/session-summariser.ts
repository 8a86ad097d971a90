import { AppConfig, DecryptionError, JobWorker } from '@app/platform';
import { SessionSummaries, type SummaryTicket } from '@app/sessions';
import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { ProviderError } from '../provider';
import { SessionSummaryWriter } from './session-summary-writer';

/** Jobs share one set of slots with wake-ups; of ten at most one may be held by a summary, so that none of them keeps a reply waiting. */
const SLOTS_PER_SUMMARY = 10;
/** Long sessions take several calls, one after the other. A ticket that a dead worker left runs out by itself. */
const CALLS_HELD = 5;
/** After failures in a row the pause doubles, from here to there. */
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;
/** What was said is encrypted with a key that is not there: somebody has to put it back, so no attempt is used up. */
const KEY_WAIT_MS = 300_000;

/** Has coaching sessions that have ended summed up. What fails is tried again by the scheduled job, a few times. */
@Injectable()
export class SessionSummariser implements OnModuleInit, BeforeApplicationShutdown {
  private readonly running = new Set<Promise<void>>();
  private readonly shutdown = new AbortController();

  constructor(
    private readonly worker: JobWorker,
    private readonly summaries: SessionSummaries,
    private readonly writer: SessionSummaryWriter,
    private readonly config: AppConfig,
    private readonly logger: PinoLogger,
  ) {}

  onModuleInit(): void {
    this.worker.register('session.summarise', ({ sessionId }) => this.run(sessionId));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.shutdown.abort();
    await Promise.allSettled(this.running);
  }

  private async run(sessionId: number): Promise<void> {
    const slots = Math.max(1, Math.floor(this.config.engine.workerConcurrency / SLOTS_PER_SUMMARY));
    if (this.running.size >= slots || this.shutdown.signal.aborted) return;
    const work = this.summarise(sessionId);
    this.running.add(work);
    try {
      await work;
    } catch (error) {
      // The queue must not try again: the scheduled job does.
      this.logger.warn({ err: error }, 'the summary of a session could not be made');
    } finally {
      this.running.delete(work);
    }
  }

  private async summarise(sessionId: number): Promise<void> {
    const ticket = await this.summaries.claim(sessionId, this.config.openai.totalTimeoutMs * CALLS_HELD);
    if (ticket === undefined) return;
    const { conversationId } = ticket;
    // It was switched off after the session had ended.
    if (!this.config.sessions.summarises) return this.summaries.skip(ticket);
    try {
      const summary = await this.writer.write(ticket, this.shutdown.signal);
      if (summary === null) return await this.summaries.skip(ticket);
      const isStored = await this.summaries.store(ticket, summary);
      this.logger.info({ conversation_id: conversationId, is_stored: isStored }, 'session summed up');
    } catch (error) {
      await this.failed(ticket, error);
    }
  }

  private async failed(ticket: SummaryTicket, error: unknown): Promise<void> {
    if (this.shutdown.signal.aborted) return this.summaries.giveBack(ticket);
    if (error instanceof DecryptionError) {
      await this.summaries.giveBack(ticket, KEY_WAIT_MS);
      this.logger.warn({ conversation_id: ticket.conversationId, err: error }, 'the summary of a session has to wait');
      return;
    }
    const known = error instanceof ProviderError ? error : null;
    const pauseMs = Math.min(
      LONGEST_PAUSE_MS,
      Math.max(known?.retryAfterMs ?? 0, FIRST_PAUSE_MS * 2 ** (ticket.attempts - 1)),
    );
    const isTriedAgain = await this.summaries.failed(ticket, pauseMs);
    this.logger.warn(
      {
        conversation_id: ticket.conversationId,
        attempt: ticket.attempts,
        pause_ms: isTriedAgain ? pauseMs : null,
        ...(known === null ? { err: error } : { code: known.code, detail: known.logDetail }),
      },
      'the summary of a session could not be made',
    );
  }
}
