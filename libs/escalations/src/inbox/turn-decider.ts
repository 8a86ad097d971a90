import { ConversationOwnership, TurnHandOff } from '@app/conversations';
import type { BeginningTurn, EndingTurn, HandOffDecision, HandOffPort } from '@app/contracts';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { isOpenAt } from '../rules/business-hours';
import { EscalationEvaluator, HUMAN_FIRST } from '../rules/escalation-evaluator';
import { EscalationRules } from '../rules/escalation-rules';
import type { RuleSet } from '../rules/rule-set';
import type { Trigger } from '../rules/trigger';
import { languageOf } from '../rules/matching/language';
import { foldText } from '../rules/matching/folded-text';
import { beginningText, EscalationStarts, isSilentFromStart, type Started } from './escalation-starts.service';
import { ConversationsOfTeam } from './persistence/conversations-of-team.repository';
import { EscalationChangesRepository } from './persistence/escalation-changes.repository';

/** Decides at the end of each turn whether people take over, and begins the escalation in the transaction that ends the turn. */
@Injectable()
export class TurnDecider implements HandOffPort, OnModuleInit {
  constructor(
    private readonly turns: TurnHandOff,
    private readonly rules: EscalationRules,
    private readonly evaluator: EscalationEvaluator,
    private readonly conversations: ConversationsOfTeam,
    private readonly changes: EscalationChangesRepository,
    private readonly starts: EscalationStarts,
    private readonly ownership: ConversationOwnership,
  ) {}

  onModuleInit(): void {
    this.turns.use(this);
  }

  isActive(workspaceId: number, personaId: number, channel: string): boolean {
    return this.rules.of(workspaceId, personaId, channel) !== null;
  }

  wantsVerdict(workspaceId: number, personaId: number, channel: string): boolean {
    const rules = this.rules.of(workspaceId, personaId, channel);
    return rules !== null && asksModel(rules);
  }

  mayTakeFirst(workspaceId: number, personaId: number, channel: string): boolean {
    return this.rules.of(workspaceId, personaId, channel)?.human_first === true;
  }

  async takeFirst(turn: BeginningTurn): Promise<boolean> {
    const { conversationId, workspaceId, personaId, isEncrypted } = turn;
    const rules = this.rules.of(workspaceId, personaId, turn.channel);
    const now = new Date();
    if (rules === null || !rules.human_first) return false;
    if (rules.outside_hours === 'ai_only' && !isOpenAt(rules.business_hours, now)) return false;
    if ((await this.conversations.pastOf(conversationId, 0)).wasEscalated) return false;
    const conversation = { id: conversationId, workspaceId, personaId, isEncrypted };
    const { kind, evidence } = HUMAN_FIRST;
    const started = await this.ownership.handOver(conversationId, async () => {
      const begun = await this.starts.start({
        conversation,
        rules,
        reason: kind,
        triggers: [{ kind, evidence, turnId: turn.turnId, messageSeq: turn.userSeq }],
        sinceSeq: turn.userSeq,
        actorId: null,
        text: beginningText(rules, languageOf(foldText(turn.said)), now),
      });
      if (begun.isNew) await this.ownership.giveReason(turn.turnId, kind);
      return begun;
    });
    await this.starts.tell(conversation, started);
    return true;
  }

  async isOpen(conversationId: number): Promise<boolean> {
    return (await this.conversations.pastOf(conversationId, 0)).activeId !== null;
  }

  async saidElsewhere(conversationId: number): Promise<void> {
    const id = await this.changes.replyFromElsewhere(conversationId);
    if (id !== undefined) await this.changes.remember({ id, isEncrypted: false }, 'replied', null);
  }

  async decide(turn: EndingTurn): Promise<HandOffDecision | null> {
    const rules = this.rules.of(turn.workspaceId, turn.personaId, turn.channel);
    if (rules === null) return null;
    const replies = rules.low_confidence_streak === null ? 0 : rules.low_confidence_streak.turns - 1;
    const past = await this.conversations.pastOf(turn.conversationId, replies);
    // Another reply to what people have dealt with: nobody is to be asked for it again.
    if (turn.userSeq < past.contextFromSeq) return null;
    const { wasEscalated, earlierConfidences } = past;
    const triggers = this.evaluator.evaluate(turn, { rules, now: new Date(), earlierConfidences, wasEscalated });
    const [first] = triggers;
    return first === undefined ? null : this.decisionOf(turn, rules, first, triggers);
  }

  private decisionOf(turn: EndingTurn, rules: RuleSet, first: Trigger, triggers: readonly Trigger[]): HandOffDecision {
    const { conversationId, workspaceId, personaId, isEncrypted } = turn;
    const conversation = { id: conversationId, workspaceId, personaId, isEncrypted };
    const isSilent = isSilentFromStart(rules);
    let started: Started | undefined;
    let ended: Awaited<ReturnType<ConversationOwnership['handOverWith']>> = [];
    return {
      reason: first.kind,
      record: async () => {
        [started, ended] = [undefined, []];
        // The turn's end has waited for the lock: people may have dealt with this, and ended it, since it was decided.
        if (turn.userSeq < (await this.conversations.pastOf(conversationId, 0)).contextFromSeq) {
          await this.ownership.giveReason(turn.turnId, null);
          return;
        }
        started = await this.starts.start({
          conversation,
          rules,
          reason: first.kind,
          triggers: triggers.map(({ kind, evidence }) => ({
            kind,
            evidence,
            turnId: turn.turnId,
            messageSeq: turn.userSeq,
          })),
          sinceSeq: turn.userSeq,
          actorId: null,
          text: beginningText(rules, languageOf(foldText(turn.said)), new Date()),
        });
        // People were asked before and have not finished: the team sees one more trigger, but nobody is asked again.
        if (!started.isNew) await this.ownership.giveReason(turn.turnId, null);
        ended = isSilent && started.isNew ? await this.ownership.handOverWith(conversationId) : [];
      },
      announce: async () => {
        this.ownership.announce(conversationId, ended);
        if (started !== undefined) await this.starts.tell(conversation, started);
      },
    };
  }
}

/** Whether what the model says about itself decides anything. */
const asksModel = (rules: RuleSet): boolean =>
  rules.confidence_below !== null || rules.model_decides || rules.low_confidence_streak !== null;
