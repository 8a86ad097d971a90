import { AppConfig, EventsBus, JobQueue, SeldomLog } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { Session, SessionEndReason } from '../session';
import { type EndedSession, SessionEndingsRepository } from './persistence/session-endings.repository';

/** Ends sessions and opens them again: tells who follows, and has a coaching session summed up. */
@Injectable()
export class SessionEndings {
  private readonly unqueued: SeldomLog;

  constructor(
    private readonly endings: SessionEndingsRepository,
    private readonly events: EventsBus,
    private readonly queue: JobQueue,
    private readonly config: AppConfig,
    logger: PinoLogger,
  ) {
    this.unqueued = new SeldomLog(logger, 'summaries of sessions were not queued; they are found later');
  }

  /** What is being answered still is; nothing new can be said. False when it has ended before. */
  async end(session: Pick<Session, 'id'>, reason: SessionEndReason): Promise<boolean> {
    const ended = await this.endings.end(session.id, reason, this.config.sessions.summarises);
    if (ended !== undefined) this.tell(ended, reason);
    return ended !== undefined;
  }

  /** Ends those that are overdue and in which nothing is being answered. @returns the ids of those that it has ended */
  async endOverdue(ids: readonly number[]): Promise<number[]> {
    const ended = await this.endings.endOverdue(ids, this.config.sessions.summarises);
    for (const session of ended) this.tell(session, 'timeout');
    return ended.map(({ id }) => id);
  }

  /** It goes on where it ended, with its time beginning anew. False when it is active anyhow. */
  async reopen(session: Pick<Session, 'id'>): Promise<boolean> {
    return this.endings.reopen(session.id);
  }

  /** Has a session summed up soon. Best effort: what is lost is found by the scheduled job. */
  askForSummary(sessionId: number): void {
    this.queue
      .add('session.summarise', { sessionId }, { dedupeKey: `session-summary-${sessionId}` })
      .catch((error: unknown) => this.unqueued.warn(error));
  }

  private tell({ id, conversationId, summaryStatus }: EndedSession, reason: SessionEndReason): void {
    this.events.publish({ type: 'conversation.signal', conversationId, signal: { kind: 'session-ended', reason } });
    if (summaryStatus === 'pending') this.askForSummary(id);
  }
}
