import { Injectable } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { SessionSummaries } from '../summaries/session-summaries.service';
import { SessionEndingsRepository } from './persistence/session-endings.repository';
import { SessionEndings } from './session-endings.service';

/** Sessions in one statement: short locks, however many have run out while nobody looked. */
const BATCH = 500;
/** Then the next run goes on. */
const MAX_BATCHES = 200;
/** As often as the job comes. */
const BUSY_MS = 15_000;

/** Ends sessions in which nothing was said for too long. All it knows is in the database: no process has to live as long as a session. */
@Injectable()
export class SessionExpiry {
  constructor(
    private readonly sessions: SessionEndingsRepository,
    private readonly endings: SessionEndings,
    private readonly summaries: SessionSummaries,
    private readonly logger: PinoLogger,
  ) {}

  /** The scheduled job. Safe to run twice at once. */
  async run(): Promise<void> {
    let ended = 0;
    for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
      const { seen, overdue } = await this.sessions.findOverdue(BATCH, BUSY_MS);
      if (overdue.length > 0) ended += (await this.endings.endOverdue(overdue)).length;
      if (seen < BATCH) break;
    }
    if (ended > 0) this.logger.info({ ended }, 'sessions have run out');
    for (const sessionId of await this.summaries.findDue()) this.endings.askForSummary(sessionId);
  }
}
