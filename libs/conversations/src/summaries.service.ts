import { isForeignKeyViolation, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ConversationsService } from './conversations.service';
import {
  type NewSummary,
  SummariesRepository,
  type SummaryClaim,
  type SummaryRow,
} from './persistence/summaries.repository';
import { type TeamWords, TurnHistoryRepository, type TurnScope } from './persistence/turn-history.repository';
import type { HistoryTurn, SummarySubject } from './persistence/turn-work';

/** The rolling summary of a conversation: shown to its owner for debugging, made by the gateway. */
@Injectable()
export class SummariesService {
  constructor(
    private readonly conversations: ConversationsService,
    private readonly summaries: SummariesRepository,
    private readonly history: TurnHistoryRepository,
  ) {}

  /** Null when there is none. 404 and 403 are about the conversation. */
  async get(principal: Principal, conversationId: number): Promise<SummaryRow | null> {
    await this.conversations.get(principal, conversationId);
    return (await this.summaries.findOwned(principal.userId, conversationId)) ?? null;
  }

  /** Undefined when somebody is at it, the last failure was too recent, or the conversation is gone. */
  async claim(conversationId: number, holdMs: number): Promise<SummaryClaim | undefined> {
    try {
      return await this.summaries.claim(conversationId, holdMs);
    } catch (error) {
      if (isForeignKeyViolation(error)) return undefined;
      throw error;
    }
  }

  /** Whose call it is. Undefined when the turn is not finished, or gone. */
  async subjectOf(conversationId: number, turnId: number): Promise<SummarySubject | undefined> {
    return this.history.summarySubject(conversationId, turnId);
  }

  /** The newest finished turns, oldest first: what the next prompt chooses its history from, or (`whole`) also what people have dealt with since. */
  async newestTurns(conversationId: number, limit: number, scope?: TurnScope): Promise<HistoryTurn[]> {
    return this.history.newestTurns(conversationId, limit, scope);
  }

  /** What people of the team have said lately, oldest first. */
  async newestOfTeam(conversationId: number, limit: number): Promise<TeamWords[]> {
    return this.history.newestOfTeam(conversationId, limit);
  }

  /** Finished turns behind one place and before another, oldest first. */
  async turnsBetween(
    conversationId: number,
    afterSeq: number,
    beforeSeq: number,
    limit: number,
    scope?: TurnScope,
  ): Promise<HistoryTurn[]> {
    return this.history.turnsBetween(conversationId, afterSeq, beforeSeq, limit, scope);
  }

  /** False when it was overtaken: by an erasure, or by another summary. */
  async store(conversationId: number, claim: SummaryClaim, summary: NewSummary): Promise<boolean> {
    return this.summaries.store(conversationId, claim, summary);
  }

  async giveBack(conversationId: number, claim: SummaryClaim, failed: { delayMs: number } | null): Promise<void> {
    await this.summaries.giveBack(conversationId, claim.revision, failed);
  }
}
