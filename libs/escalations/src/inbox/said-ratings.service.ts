import type { RatingPort } from '@app/contracts';
import { ConversationOwnership, SaidRatings } from '@app/conversations';
import { Database } from '@app/platform';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { CustomerLanguage } from './customer-language.service';
import { customerText } from './customer-texts';
import type { Escalation } from './escalation';
import { EscalationNews } from './escalation-news.service';
import { ConversationsOfTeam } from './persistence/conversations-of-team.repository';
import { EscalationsRepository } from './persistence/escalations.repository';
import { Ratings } from './ratings.service';

/** A number and nothing else, such as `5`, `5/5`, `4.` or `3 ⭐`. */
const RATING = /^([1-5])(?:\s*\/\s*5)?[\s.!⭐\uFE0F]*$/u;

/** Ratings that are written like any other message. */
@Injectable()
export class SaidRatingsService implements RatingPort, OnModuleInit {
  constructor(
    private readonly said: SaidRatings,
    private readonly ratings: Ratings,
    private readonly escalations: EscalationsRepository,
    private readonly conversations: ConversationsOfTeam,
    private readonly ownership: ConversationOwnership,
    private readonly language: CustomerLanguage,
    private readonly news: EscalationNews,
    private readonly database: Database,
  ) {}

  onModuleInit(): void {
    this.said.use(this);
  }

  /** Only as long as the person has said nothing else since they were asked: later a number is about something else. */
  async takeSaid(conversationId: number, said: string): Promise<boolean> {
    const [, digit] = RATING.exec(said.trim()) ?? [];
    if (digit === undefined) return false;
    const escalation = await this.ratings.of(conversationId);
    if (escalation === undefined || !(await this.escalations.isLastWord(escalation.id))) return false;
    const rating = Number(digit);
    if (escalation.csatRating === rating) return true;
    await this.ratings.rate(conversationId, rating, escalation.csatComment);
    await this.thank(conversationId, escalation);
    return true;
  }

  private async thank(id: number, escalation: Escalation): Promise<void> {
    const language = await this.language.of({ ...escalation, id, userId: escalation.customerId });
    const notice = await this.database.transaction(async () => {
      if (!(await this.conversations.lock(id))) return undefined;
      const content = customerText('rated', null, language);
      return this.ownership.say({ conversationId: id, authorId: null, content, isEncrypted: escalation.isEncrypted });
    });
    if (notice !== undefined) this.news.said(id, [notice.messageId]);
  }
}
