import { CUSTOMER_CHANNELS } from '@app/contracts';
import { ConversationOwnership } from '@app/conversations';
import { Database, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { afterOpenTime, isOpenAt } from '../rules/business-hours';
import { EscalationRules } from '../rules/escalation-rules';
import type { RuleSet } from '../rules/rule-set';
import { Assignments } from './assignments.service';
import { CustomerLanguage } from './customer-language.service';
import { customerText } from './customer-texts';
import type { Escalation } from './escalation';
import { DraftJobs } from './draft-jobs.service';
import { EscalationNews } from './escalation-news.service';
import { alreadyEscalated, conversationGone, escalationNotFound, notEscalatable } from './inbox.errors';
import { ConversationsOfTeam, type SubjectConversation } from './persistence/conversations-of-team.repository';
import { EscalationChangesRepository, type NewTrigger } from './persistence/escalation-changes.repository';
import { EscalationsRepository } from './persistence/escalations.repository';
import { TeamAccess } from './team-access.service';
import { EscalationWebhooks } from './webhooks/escalation-webhooks.service';

export interface Start {
  conversation: Pick<SubjectConversation, 'id' | 'workspaceId' | 'personaId' | 'isEncrypted'>;
  /** Of this conversation; null: none are stored. */
  rules: RuleSet | null;
  reason: string;
  triggers: readonly NewTrigger[];
  /** The message that it is about. */
  sinceSeq: number;
  /** Who asked for it; null: the program. */
  actorId: number | null;
  /** What the customer is told; null: nothing. */
  text: string | null;
}

/** What came of it, to be told after the commit. */
export interface Started {
  id: number;
  isNew: boolean;
  messageIds: number[];
}

/** The beginning of escalations, whoever asks for one. */
@Injectable()
export class EscalationStarts {
  constructor(
    private readonly database: Database,
    private readonly ownership: ConversationOwnership,
    private readonly conversations: ConversationsOfTeam,
    private readonly escalations: EscalationsRepository,
    private readonly changes: EscalationChangesRepository,
    private readonly access: TeamAccess,
    private readonly assignments: Assignments,
    private readonly rules: EscalationRules,
    private readonly language: CustomerLanguage,
    private readonly drafts: DraftJobs,
    private readonly webhooks: EscalationWebhooks,
    private readonly news: EscalationNews,
  ) {}

  /**
   * By the person whose conversation it is; or by the team, for conversations with customers.
   * @throws 403 ESCALATION.FORBIDDEN (also when there is none), 404 CONVERSATION.NOT_FOUND, ESCALATION.NOT_FOUND (erased meanwhile), 409 ESCALATION.EXISTS
   */
  async ask(principal: Principal, conversationId: number, reason: string | null): Promise<Escalation> {
    const conversation = await this.conversations.find(conversationId);
    if (conversation === undefined) throw notEscalatable(conversationId);
    const isOwn = conversation.userId === principal.userId;
    const { channel, workspaceId } = conversation;
    const isTeams = CUSTOMER_CHANNELS.includes(channel) && (await this.access.isOfTeam(principal, workspaceId));
    if (!isOwn && !isTeams) throw notEscalatable(conversationId);
    const rules = this.rules.of(conversation.workspaceId, conversation.personaId, conversation.channel);
    const language = await this.language.of(conversation);
    const start = {
      conversation,
      rules,
      reason: 'manual',
      triggers: [{ kind: 'manual', turnId: null, messageSeq: null, evidence: reason ?? '' }],
      sinceSeq: Math.max(1, conversation.lastSeq),
      actorId: principal.userId,
      text: beginningText(rules, language, new Date()),
    };
    const started = isSilentFromStart(rules) ? await this.startWithPeople(start) : await this.startWithModels(start);
    if (!started.isNew) throw alreadyEscalated(conversationId, started.id);
    await this.tell(conversation, started);
    return this.escalations.find(started.id).then((found) => found ?? Promise.reject(escalationNotFound(started.id)));
  }

  private async startWithModels(start: Start): Promise<Started> {
    return this.database.transaction(async () => {
      // Everybody locks the conversation first.
      if (!(await this.conversations.lock(start.conversation.id))) throw conversationGone(start.conversation.id);
      return this.start(start);
    });
  }

  /** The same where no model answers while people are waited for. */
  private async startWithPeople(start: Start): Promise<Started> {
    return this.ownership.handOver(start.conversation.id, async () => {
      const started = await this.start(start);
      // It stays with whoever answers now.
      if (!started.isNew) throw alreadyEscalated(start.conversation.id, started.id);
      return started;
    });
  }

  /** Inside a transaction that has locked the conversation; `tell` comes after the commit. A second one only adds its triggers to the first. */
  async start(start: Start): Promise<Started> {
    const { conversation, rules, actorId, text } = start;
    const { id: conversationId, workspaceId, personaId, isEncrypted } = conversation;
    const id = await this.changes.create({
      workspaceId,
      conversationId,
      personaId,
      reason: start.reason,
      skill: rules?.skill ?? null,
      priority: rules?.priority ?? 0,
      sinceSeq: start.sinceSeq,
      dueInMs: dueInMs(rules, new Date()),
    });
    if (id === undefined) {
      const active = await this.escalations.findActive(conversationId);
      if (active === undefined) throw new Error(`Conversation ${conversationId} is neither escalated nor free.`);
      await this.changes.addTriggers(active.id, start.triggers, isEncrypted);
      return { id: active.id, isNew: false, messageIds: [] };
    }
    await this.changes.addTriggers(id, start.triggers, isEncrypted);
    await this.changes.remember({ id, isEncrypted }, 'created', actorId);
    await this.webhooks.enqueue(id, 'escalation.created');
    if (text === null) return { id, isNew: true, messageIds: [] };
    const notice = await this.ownership.say({ conversationId, authorId: null, content: text, isEncrypted });
    return { id, isNew: true, messageIds: notice === undefined ? [] : [notice.messageId] };
  }

  async tell(
    { id: conversationId, workspaceId }: { id: number; workspaceId: number },
    started: Started,
  ): Promise<void> {
    this.news.said(conversationId, started.messageIds);
    await this.news.changedAll([started.id]);
    this.webhooks.wake();
    if (!started.isNew) return;
    this.drafts.begin(started.id);
    await this.assignments.run(workspaceId);
  }
}

/** Whether models are silent from the beginning of an escalation, and not only from the moment at which somebody takes it. */
export const isSilentFromStart = (rules: RuleSet | null): boolean =>
  rules !== null && (rules.while_waiting === 'silent' || rules.human_first);

/** What the customer is told when an escalation begins: that somebody comes, or that nobody is there. */
export const beginningText = (rules: RuleSet | null, language: string | null, now: Date): string =>
  customerText(isOpenAt(rules?.business_hours ?? null, now) ? 'hand_off' : 'outside_hours', rules, language);

/** The time that was promised, in which only business hours count; null: none was, or nobody will be there. */
function dueInMs(rules: RuleSet | null, now: Date): number | null {
  const promised = rules?.first_reply_within_s ?? null;
  if (rules === null || promised === null) return null;
  const due = afterOpenTime(rules.business_hours, now, promised * 1000);
  return due === null ? null : due.getTime() - now.getTime();
}
