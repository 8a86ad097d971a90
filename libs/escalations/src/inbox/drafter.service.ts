import { DraftWriter } from '@app/ai-gateway';
import { JobWorker } from '@app/platform';
import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { DraftJobs } from './draft-jobs.service';
import { EscalationNews } from './escalation-news.service';
import { EscalationChangesRepository } from './persistence/escalation-changes.repository';
import { EscalationsRepository } from './persistence/escalations.repository';

/** Drafts at a time in one process: replies need the slots of the queue more. */
const MAX_RUNNING = 2;
/** Then one that found no room looks again: about as long as a model writes one. */
const AGAIN_MS = 5_000;

/** Writes drafts that were asked for, once each: what fails can be asked for again. */
@Injectable()
export class Drafter implements OnModuleInit, BeforeApplicationShutdown {
  private readonly running = new Set<Promise<void>>();
  private readonly shutdown = new AbortController();

  constructor(
    private readonly worker: JobWorker,
    private readonly escalations: EscalationsRepository,
    private readonly changes: EscalationChangesRepository,
    private readonly writer: DraftWriter,
    private readonly jobs: DraftJobs,
    private readonly news: EscalationNews,
    private readonly logger: PinoLogger,
  ) {}

  onModuleInit(): void {
    this.worker.register('escalations.draft', ({ escalationId }) => this.run(escalationId));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.shutdown.abort();
    await Promise.allSettled(this.running);
  }

  private async run(escalationId: number): Promise<void> {
    if (this.running.size >= MAX_RUNNING || this.shutdown.signal.aborted) {
      return this.jobs.askLater(escalationId, AGAIN_MS);
    }
    const work = this.draft(escalationId);
    this.running.add(work);
    try {
      await work;
    } catch (error) {
      this.logger.warn({ err: error, escalation_id: escalationId }, 'a draft could not be written');
    } finally {
      this.running.delete(work);
    }
  }

  private async draft(escalationId: number): Promise<void> {
    const escalation = await this.escalations.find(escalationId);
    if (escalation === undefined || escalation.endedAt !== null) return;
    const draft = await this.writer.write(escalation.conversationId, this.shutdown.signal);
    if (draft === null) return;
    await this.changes.draft(escalation, draft.summary, draft.suggestedReply, draft.throughSeq);
    // Somebody may have taken it while the model wrote.
    await this.news.changedAll([escalationId]);
  }
}
