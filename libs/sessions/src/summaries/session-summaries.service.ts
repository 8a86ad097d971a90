import { FieldCipher, FieldReader } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { openGoals } from '../coaching/goals';
import { SessionSummariesRepository, type SummaryTicket } from './persistence/session-summaries.repository';
import { summaryPlace } from './summary-place';

export type { SummaryTicket } from './persistence/session-summaries.repository';

/** Then it says `failed`, and the next end of the session tries anew. */
const MAX_ATTEMPTS = 5;
/** A job that was not lost has come by then. */
const GRACE_MS = 2_000;
const FOUND_AT_ONCE = 200;

/** Summaries of sessions as far as they are kept; who writes them is the gateway. */
@Injectable()
export class SessionSummaries {
  constructor(
    private readonly summaries: SessionSummariesRepository,
    private readonly cipher: FieldCipher,
    private readonly reader: FieldReader,
  ) {}

  /** Undefined when there is nothing to do, or somebody is at it. @param holdMs longer than writing one can take */
  async claim(sessionId: number, holdMs: number): Promise<SummaryTicket | undefined> {
    const ticket = await this.summaries.claim(sessionId, holdMs);
    if (ticket === undefined) return undefined;
    if (ticket.attempts > MAX_ATTEMPTS) {
      // The last one died with its worker.
      await this.summaries.settle(ticket, 'failed');
      return undefined;
    }
    return { ...ticket, goals: openGoals(this.reader, ticket.sessionId, ticket.goals) };
  }

  /** False when it is not wanted any more. */
  async store(ticket: SummaryTicket, summary: string): Promise<boolean> {
    return this.summaries.store(ticket, this.cipher.encrypt(summary, summaryPlace(ticket.sessionId)));
  }

  /** @returns whether it will be tried again */
  async failed(ticket: SummaryTicket, delayMs: number): Promise<boolean> {
    if (ticket.attempts >= MAX_ATTEMPTS) {
      await this.summaries.settle(ticket, 'failed');
      return false;
    }
    await this.summaries.postpone(ticket, delayMs, ticket.attempts);
    return true;
  }

  /** Nothing was tried. @param delayMs when it may be tried again */
  async giveBack(ticket: SummaryTicket, delayMs = 0): Promise<void> {
    await this.summaries.postpone(ticket, delayMs, ticket.attempts - 1);
  }

  /** There is nothing to sum up. */
  async skip(ticket: SummaryTicket): Promise<void> {
    await this.summaries.settle(ticket, 'none');
  }

  async findDue(): Promise<number[]> {
    return this.summaries.findDue(GRACE_MS, FOUND_AT_ONCE);
  }
}
