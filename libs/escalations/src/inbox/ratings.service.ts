import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Escalation } from './escalation';
import { EscalationNews } from './escalation-news.service';
import { conversationGone, nothingToRate } from './inbox.errors';
import { EscalationChangesRepository } from './persistence/escalation-changes.repository';
import { EscalationsRepository } from './persistence/escalations.repository';
import { EscalationWebhooks } from './webhooks/escalation-webhooks.service';

/** What customers think of how they were helped. The caller has made sure that the conversation is the customer's. */
@Injectable()
export class Ratings {
  constructor(
    private readonly database: Database,
    private readonly escalations: EscalationsRepository,
    private readonly changes: EscalationChangesRepository,
    private readonly webhooks: EscalationWebhooks,
    private readonly news: EscalationNews,
  ) {}

  /** Undefined when nobody has asked. */
  async of(conversationId: number): Promise<Escalation | undefined> {
    return this.escalations.findRateable(conversationId);
  }

  /** A later one replaces the one before; only another number is told to webhooks, and only the first is part of the history. @throws 404 CONVERSATION.NOT_FOUND (erased meanwhile), 409 ESCALATION.NOT_ASKED */
  async rate(conversationId: number, rating: number, comment: string | null): Promise<Escalation> {
    const escalation = await this.of(conversationId);
    if (escalation === undefined) throw nothingToRate();
    if (escalation.csatRating === rating && escalation.csatComment === comment) return escalation;
    await this.database.transaction(async () => {
      const isRated = await this.changes.rate(escalation.id, rating, comment, escalation.isEncrypted);
      if (!isRated) throw conversationGone(conversationId);
      if (escalation.csatAnsweredAt === null) await this.changes.remember(escalation, 'rated', null);
      if (escalation.csatRating !== rating) await this.webhooks.enqueue(escalation.id, 'escalation.rated');
    });
    const rated = (await this.of(conversationId)) ?? escalation;
    this.news.changed(rated);
    this.webhooks.wake();
    return rated;
  }
}
