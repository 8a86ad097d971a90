import type { BegunTurn } from '@app/conversations';
import { AppConfig, JobQueue, SeldomLog } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { nextFirstSeq } from '../prompt';
import { mayNeedSummary } from './summary-need';

/** Asks for a summary after a turn, when one may be due. Best effort: the next turn asks again. */
@Injectable()
export class SummaryRequests {
  private readonly unqueued: SeldomLog;

  constructor(
    private readonly queue: JobQueue,
    private readonly config: AppConfig,
    logger: PinoLogger,
  ) {
    this.unqueued = new SeldomLog(logger, 'summaries were not queued; later turns ask again');
  }

  /** Returns at once and never throws. @param firstSeq where the history of the turn's prompt began */
  afterTurn(turn: BegunTurn, firstSeq: number | null): void {
    const { summarises, maxConversationHistory } = this.config.limits;
    // Nobody who sends no history wants it summarised.
    if (!summarises || maxConversationHistory === 0) return;
    // What the next prompt leaves out, not this one: then the notes change together with the window's start, and caches lose their beginning once.
    const next = nextFirstSeq(turn.history, turn.userSeq, maxConversationHistory);
    const start = Math.max(next, firstSeq ?? turn.userSeq);
    if (mayNeedSummary(turn.history, turn.summary, start)) this.ask(turn.conversationId, turn.turnId);
  }

  ask(conversationId: number, turnId: number): void {
    this.queue
      .add('conversation.summarise', { conversationId, turnId }, { dedupeKey: `summary-${conversationId}` })
      .catch((error: unknown) => this.unqueued.warn(error));
  }
}
