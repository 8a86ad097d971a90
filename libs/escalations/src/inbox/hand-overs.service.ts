import { ConversationOwnership, type SaidMessage } from '@app/conversations';
import type { EscalationStatus } from '@app/contracts';
import { Database, isForeignKeyViolation, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { EscalationRules } from '../rules/escalation-rules';
import { Assignments } from './assignments.service';
import { CustomerLanguage } from './customer-language.service';
import { customerText, type Occasion } from './customer-texts';
import type { Escalation } from './escalation';
import { EscalationNews } from './escalation-news.service';
import { agentNotFound, escalationIs, escalationNotFound, escalationTaken, notYours } from './inbox.errors';
import { EscalationChangesRepository } from './persistence/escalation-changes.repository';
import { EscalationsRepository } from './persistence/escalations.repository';
import { TeamAccess } from './team-access.service';
import { EscalationWebhooks } from './webhooks/escalation-webhooks.service';

/** What people of the team do with an escalation. Every method answers with the escalation as it is then, and throws 404 ESCALATION.NOT_FOUND. */
@Injectable()
export class HandOvers {
  constructor(
    private readonly database: Database,
    private readonly ownership: ConversationOwnership,
    private readonly access: TeamAccess,
    private readonly escalations: EscalationsRepository,
    private readonly changes: EscalationChangesRepository,
    private readonly assignments: Assignments,
    private readonly rules: EscalationRules,
    private readonly language: CustomerLanguage,
    private readonly webhooks: EscalationWebhooks,
    private readonly news: EscalationNews,
  ) {}

  /**
   * The conversation is this person's: from now on no model speaks in it. What one is writing at this moment is thrown away.
   * @throws 409 ESCALATION.TAKEN, ESCALATION.STATE
   */
  async claim(principal: Principal, id: number): Promise<Escalation> {
    const escalation = await this.access.open(principal, id);
    if (escalation.status === 'claimed' && escalation.assignedTo === principal.userId) return escalation;
    await this.ownership.handOver(escalation.conversationId, async ({ lastSeq }) => {
      if (!(await this.changes.claim(id, principal.userId, lastSeq))) await this.refuse(id, escalationTaken);
      await this.changes.remember(escalation, 'claimed', principal.userId);
      await this.webhooks.enqueue(id, 'escalation.claimed');
    });
    return this.told(id);
  }

  /** To somebody, or (null) to whoever comes first. @throws 409 ESCALATION.STATE when somebody has taken it, 404 ESCALATION.AGENT_NOT_FOUND */
  async assign(principal: Principal, id: number, userId: number | null): Promise<Escalation> {
    const escalation = await this.access.open(principal, id);
    await this.checkAgent(escalation.workspaceId, userId);
    await this.database.transaction(async () => {
      if (!(await this.changes.assign(id, userId))) await this.refuse(id, escalationTaken);
      await this.changes.remember(escalation, 'assigned', principal.userId, { targetId: userId });
    });
    return this.told(id);
  }

  /** From whoever has it (the caller, unless an owner) to somebody else, or (null) back to the queue. The conversation stays with people. @throws 409 ESCALATION.NOT_YOURS */
  async transfer(
    principal: Principal,
    id: number,
    to: { userId: number | null; skill: string | null; note: string | null },
  ): Promise<Escalation> {
    const { escalation, actor } = await this.access.openAs(principal, id);
    await this.checkAgent(escalation.workspaceId, to.userId);
    await this.database.transaction(async () => {
      if (!(await this.changes.transfer(id, actor, to.userId, to.skill))) await this.refuse(id, notYours);
      await this.changes.remember(escalation, 'transferred', principal.userId, { targetId: to.userId, note: to.note });
    });
    if (to.userId === null) await this.assignments.run(escalation.workspaceId);
    return this.told(id);
  }

  /**
   * Says something to the customer. With the key of something that this person has said there before, it is that message, whatever has become of the
   * escalation since.
   * @throws 409 ESCALATION.NOT_YOURS, 422 IDEMPOTENCY.MISMATCH
   */
  async reply(principal: Principal, id: number, content: string, idempotencyKey: string | null): Promise<SaidMessage> {
    const escalation = await this.access.open(principal, id);
    const { conversationId, isEncrypted } = escalation;
    const said = await this.database.transaction(async () => {
      // First the conversation: everybody locks in this order.
      const message = await this.ownership.say({
        conversationId,
        authorId: principal.userId,
        content,
        isEncrypted,
        idempotencyKey,
      });
      if (message?.isReplay === true) return message;
      const replied = message && (await this.changes.reply(id, principal.userId));
      if (message === undefined || replied === undefined) return this.refuse(id, notYours);
      if (replied.isFirst) await this.changes.remember(escalation, 'replied', principal.userId);
      return message;
    });
    if (!said.isReplay) this.news.said(conversationId, [said.messageId]);
    return said;
  }

  /** For the team only. */
  async note(principal: Principal, id: number, content: string): Promise<Escalation> {
    const escalation = await this.access.open(principal, id);
    await this.changes.remember(escalation, 'noted', principal.userId, { note: content }).catch((error: unknown) => {
      // The customer has erased it meanwhile.
      throw isForeignKeyViolation(error) ? escalationNotFound(id) : error;
    });
    return this.told(id);
  }

  async tag(principal: Principal, id: number, tags: readonly string[]): Promise<Escalation> {
    const escalation = await this.access.open(principal, id);
    await this.database.transaction(async () => {
      if (!(await this.changes.tag(id, tags))) throw escalationNotFound(id);
      await this.changes.remember(escalation, 'tagged', principal.userId, { note: tags.join(', ') });
    });
    return this.told(id);
  }

  /** It is done: the customer is told, and asked how it was. Models answer what comes later. @throws 409 ESCALATION.NOT_YOURS, ESCALATION.STATE */
  async resolve(principal: Principal, id: number, note: string | null): Promise<Escalation> {
    return this.end(principal, id, 'resolved', note);
  }

  /** A model goes on, and does not know what was said before. @throws as {@link resolve} */
  async giveBack(principal: Principal, id: number, note: string | null): Promise<Escalation> {
    return this.end(principal, id, 'returned', note);
  }

  private async end(
    principal: Principal,
    id: number,
    status: 'resolved' | 'returned',
    note: string | null,
  ): Promise<Escalation> {
    const { escalation, actor } = await this.access.openAs(principal, id);
    const { workspaceId, conversationId, personaId, channel } = escalation;
    const rules = this.rules.of(workspaceId, personaId, channel);
    const isAsked = status === 'resolved' && rules?.csat === true;
    const language = await this.language.of({ ...escalation, id: conversationId, userId: escalation.customerId });
    const occasions: Occasion[] = [status === 'resolved' ? 'ended' : 'return', ...(isAsked ? ['csat' as const] : [])];
    const messageIds = await this.ownership.giveBack(conversationId, async () => {
      const told: number[] = [];
      for (const occasion of occasions) {
        const content = customerText(occasion, rules, language);
        const message = await this.ownership.say({
          conversationId,
          authorId: null,
          content,
          isEncrypted: escalation.isEncrypted,
        });
        if (message !== undefined) told.push(message.messageId);
      }
      if (!(await this.changes.end(id, status, actor, isAsked))) await this.refuse(id, notYours);
      await this.changes.remember(escalation, status, principal.userId, { note });
      await this.webhooks.enqueue(id, status === 'resolved' ? 'escalation.resolved' : 'escalation.returned');
      return told;
    });
    this.news.said(conversationId, messageIds);
    const ended = await this.told(id);
    // Whoever had it has room for the next one.
    await this.assignments.run(workspaceId);
    return ended;
  }

  private async checkAgent(workspaceId: number, userId: number | null): Promise<void> {
    if (userId !== null && !(await this.access.canTake(userId, workspaceId))) throw agentNotFound(userId);
  }

  /** Finds out why nothing was changed. */
  private async refuse(id: number, otherwise: (id: number) => Error): Promise<never> {
    const now = await this.escalations.find(id);
    if (now === undefined) throw escalationNotFound(id);
    const over: readonly EscalationStatus[] = ['resolved', 'returned'];
    throw over.includes(now.status) ? escalationIs(id, now.status) : otherwise(id);
  }

  private async told(id: number): Promise<Escalation> {
    const now = await this.escalations.find(id);
    if (now === undefined) throw escalationNotFound(id);
    this.news.changed(now);
    this.webhooks.wake();
    return now;
  }
}
