import { type AddOptions, AppConfig, JobQueue, SeldomLog } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';

/** Has a model write a draft for the person who takes over. */
@Injectable()
export class DraftJobs {
  private readonly unqueued: SeldomLog;

  constructor(
    private readonly queue: JobQueue,
    private readonly config: AppConfig,
    logger: PinoLogger,
  ) {
    this.unqueued = new SeldomLog(logger, 'drafts were not queued; people can ask for them again');
  }

  /** Somebody is to take over. */
  begin(escalationId: number): void {
    if (this.config.escalations.isDraftedAtOnce) this.ask(escalationId);
  }

  /** Best effort: a draft is a help, and can be asked for again. */
  ask(escalationId: number): void {
    this.add(escalationId, { dedupeKey: `escalation-draft-${escalationId}` });
  }

  /** The same for the job itself, which finds no room now. */
  askLater(escalationId: number, delayMs: number): void {
    this.add(escalationId, { delayMs });
  }

  private add(escalationId: number, options: AddOptions): void {
    this.queue.add('escalations.draft', { escalationId }, options).catch((error: unknown) => this.unqueued.warn(error));
  }
}
