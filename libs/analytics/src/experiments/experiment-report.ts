import type { Experiment } from '@app/personas';
import type { ConversationTotals, LedgerTotals } from '../persistence/experiment-results.repository';
import { compareProportions, type ProportionComparison, rateOf, splitPValue } from './proportions';

/** Of one version, or of both together. */
export interface ArmReport {
  ledger: Omit<LedgerTotals, 'versionId'>;
  conversations: Omit<ConversationTotals, 'version'>;
  /** Failed turns among those that were completed or failed; null when there is none. */
  errorRate: number | null;
}

export interface ExperimentReport {
  a: ArmReport;
  b: ArmReport;
  total: ArmReport;
  split: { shareB: number | null; pValue: number | null };
  /**
   * By conversation, not by turn: a conversation got a version, and its turns are not independent of each other, so a test that counts turns
   * would claim too much.
   */
  comparison: {
    negativeFeedback: ProportionComparison;
    failed: ProportionComparison;
    escalated: ProportionComparison;
  };
}

const NO_CALLS: ArmReport['ledger'] = {
  conversations: 0,
  calls: 0,
  failedCalls: 0,
  cachedAnswers: 0,
  inputTokens: 0,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  totalTokens: 0,
  estimatedTokens: 0,
  callsWithoutUsage: 0,
  costUsdMicros: 0,
  unpricedCalls: 0,
  callP50Ms: null,
  callP95Ms: null,
  firstTokenP50Ms: null,
};

const NO_CONVERSATIONS: ArmReport['conversations'] = {
  conversations: 0,
  turns: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
  escalations: 0,
  feedbackUp: 0,
  feedbackDown: 0,
  responseP50Ms: null,
  responseP95Ms: null,
  ratedConversations: 0,
  downConversations: 0,
  failedConversations: 0,
  escalatedConversations: 0,
};

/** Pure: puts together what the ledger and the conversations say. */
export function reportOf(
  experiment: Experiment,
  ledger: readonly LedgerTotals[],
  conversations: readonly ConversationTotals[],
): ExperimentReport {
  const arm = (versionId: number | null, version: number | null): ArmReport => {
    const told = conversations.find((row) => row.version === version) ?? NO_CONVERSATIONS;
    return {
      ledger: ledger.find((row) => row.versionId === versionId) ?? NO_CALLS,
      conversations: told,
      errorRate: rateOf({ hits: told.failed, of: told.completed + told.failed }),
    };
  };
  const a = arm(experiment.versionAId, experiment.versionA);
  const b = arm(experiment.versionBId, experiment.versionB);
  const total = arm(null, null);
  const [ofA, ofB] = [a.conversations, b.conversations];
  const all = ofA.conversations + ofB.conversations;
  return {
    a,
    b,
    total,
    split: {
      shareB: rateOf({ hits: ofB.conversations, of: all }),
      pValue: splitPValue(ofB.conversations, all, experiment.shareB / 100),
    },
    comparison: {
      negativeFeedback: compareProportions(
        { hits: ofA.downConversations, of: ofA.ratedConversations },
        { hits: ofB.downConversations, of: ofB.ratedConversations },
      ),
      failed: compareProportions(
        { hits: ofA.failedConversations, of: ofA.conversations },
        { hits: ofB.failedConversations, of: ofB.conversations },
      ),
      escalated: compareProportions(
        { hits: ofA.escalatedConversations, of: ofA.conversations },
        { hits: ofB.escalatedConversations, of: ofB.conversations },
      ),
    },
  };
}
