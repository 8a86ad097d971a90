import type { EndingTurn } from '@app/contracts';
import { Injectable } from '@nestjs/common';
import { isOpenAt } from './business-hours';
import { excerpt } from './excerpt';
import { foldText } from './matching/folded-text';
import { humanRequestIn } from './matching/human-request';
import { KeywordMatcher } from './matching/keyword-matcher';
import { sentimentOf } from './matching/sentiment';
import type { KeywordRule, RuleSet } from './rule-set';
import { type Trigger, TRIGGER_KINDS, type TriggerKind } from './trigger';

/** Where people answer first. */
export const HUMAN_FIRST: Trigger = { kind: 'human_first', evidence: 'People answer from the first message on.' };

/** What else decides beside the turn itself. */
export interface EscalationState {
  rules: RuleSet;
  now: Date;
  /** Of the replies before this one, the latest first; null where the model did not say. Only as many as `low_confidence_streak` looks at. */
  earlierConfidences: (number | null)[];
  /** People had this conversation before, or it waits for them. */
  wasEscalated: boolean;
}

/** Of a turn, what is looked at. */
export type JudgedTurn = Pick<EndingTurn, 'said' | 'confidence' | 'needsHuman' | 'errorCode'>;

const MAX_WORDS_NAMED = 5;
/** Rule sets whose words are kept ready, of up to some megabytes each: those that were asked for last. */
const MAX_MATCHERS = 100;

/** Decides from a turn and the rules alone whether a person is to take over, and why. No statement, no clock of its own. */
@Injectable()
export class EscalationEvaluator {
  /** Rules are replaced, never changed. */
  private readonly matchers = new Map<KeywordRule, KeywordMatcher>();

  /** @returns what fired, the most telling one first; nothing: the AI goes on */
  evaluate(turn: JudgedTurn, state: EscalationState): Trigger[] {
    const { rules } = state;
    if (rules.outside_hours === 'ai_only' && !isOpenAt(rules.business_hours, state.now)) return [];
    const triggers = [...this.ofMessage(turn.said, rules), ...ofAnswer(turn, state)];
    if (rules.human_first && !state.wasEscalated) {
      triggers.push(HUMAN_FIRST);
    }
    return triggers.sort((a, b) => rank(a.kind) - rank(b.kind));
  }

  private ofMessage(said: string, rules: RuleSet): Trigger[] {
    const wantsSentiment = rules.sentiment?.enabled === true;
    if (!rules.keywords.enabled && !rules.human_request && !wantsSentiment) return [];
    const folded = foldText(said);
    const triggers: Trigger[] = [];
    if (rules.human_request) {
      const request = humanRequestIn(folded);
      if (request !== undefined) triggers.push({ kind: 'human_request', evidence: excerpt(said, request) });
    }
    if (rules.keywords.enabled) {
      const found = this.matcherOf(rules.keywords).find(folded);
      if (found[0] !== undefined) {
        const words = [...new Set(found.map(({ word }) => word))].slice(0, MAX_WORDS_NAMED);
        triggers.push({ kind: 'keyword', evidence: `${words.join(', ')}: ${excerpt(said, found[0])}` });
      }
    }
    if (rules.sentiment?.enabled === true) {
      const { score, words } = sentimentOf(folded);
      if (score <= rules.sentiment.threshold) {
        triggers.push({
          kind: 'sentiment',
          evidence: `${score} (at most ${rules.sentiment.threshold}): ${words.join(', ').slice(0, 200)}`,
        });
      }
    }
    return triggers;
  }

  private matcherOf(rule: KeywordRule): KeywordMatcher {
    const matcher = this.matchers.get(rule) ?? new KeywordMatcher(rule);
    // Behind all others.
    this.matchers.delete(rule);
    this.matchers.set(rule, matcher);
    const oldest = this.matchers.keys().next();
    if (this.matchers.size > MAX_MATCHERS && oldest.done !== true) this.matchers.delete(oldest.value);
    return matcher;
  }
}

const rank = (kind: TriggerKind): number => TRIGGER_KINDS.indexOf(kind);

/** What the answer, or that there is none, says. */
function ofAnswer(
  { confidence, needsHuman, errorCode }: JudgedTurn,
  { rules, earlierConfidences }: EscalationState,
): Trigger[] {
  const triggers: Trigger[] = [];
  if (rules.technical_errors && errorCode !== null) triggers.push({ kind: 'technical_error', evidence: errorCode });
  if (rules.model_decides && needsHuman) {
    triggers.push({ kind: 'model_decision', evidence: 'The model asked for a person.' });
  }
  if (rules.confidence_below !== null && confidence !== null && confidence < rules.confidence_below) {
    triggers.push({ kind: 'low_confidence', evidence: `${confidence} (below ${rules.confidence_below})` });
  }
  const streak = rules.low_confidence_streak;
  if (streak !== null) {
    const latest = [confidence, ...earlierConfidences].slice(0, streak.turns);
    if (latest.length === streak.turns && latest.every((value) => value !== null && value < streak.below)) {
      triggers.push({
        kind: 'low_confidence_streak',
        evidence: `${latest.toReversed().join(', ')} (${streak.turns} in a row below ${streak.below})`,
      });
    }
  }
  return triggers;
}
