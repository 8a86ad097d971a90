import { type Experiment, ExperimentResponse } from '@app/personas';
import { ApiProperty } from '@nestjs/swagger';
import type { ArmReport, ExperimentReport } from './experiment-report';
import type { ProportionComparison } from './proportions';

const MICROS_PER_USD = 1_000_000;

/** What happened with one version, or with both. Tokens, calls and cost are the usage ledger's. */
export class ExperimentResultsResponse {
  /** Conversations that have this version and are not erased.
   * @example 500 */
  conversations: number;
  /** Turns that were begun while the experiment ran.
   * @example 2100 */
  turns: number;
  /** @example 2080 */
  completed: number;
  /** @example 15 */
  failed: number;
  /** @example 5 */
  cancelled: number;
  /** Failed turns among those that were completed or failed; null when there is none.
   * @example 0.007 */
  error_rate: number | null;
  /** Attempts against the model, those for summaries included.
   * @example 2130 */
  calls: number;
  /** Attempts that failed, or whose worker died.
   * @example 30 */
  failed_calls: number;
  /** Answers that came from the answer cache, without a call.
   * @example 0 */
  cached_answers: number;
  /** @example 420000 */
  input_tokens: number;
  /** Part of `input_tokens`.
   * @example 310000 */
  cached_tokens: number;
  /** Part of `input_tokens`.
   * @example 0 */
  cache_write_tokens: number;
  /** @example 96000 */
  output_tokens: number;
  /** Part of `output_tokens`.
   * @example 0 */
  reasoning_tokens: number;
  /** @example 516000 */
  total_tokens: number;
  /** Of stopped replies whose upstream gave no count; not part of the others.
   * @example 0 */
  estimated_tokens: number;
  /** Calls that ended without the upstream saying what they used: it is not known, and in no sum.
   * @example 2 */
  calls_without_usage: number;
  /** @example 0.0512 */
  cost_usd: number;
  /** Calls with known usage and no known price: they are not in `cost_usd`.
   * @example 0 */
  unpriced_calls: number;
  /** Cost by conversation that calls were made for, erased ones too; null when there is none.
   * @example 0.000102 */
  cost_per_conversation_usd: number | null;
  /** Median of the model calls that gave an answer.
   * @example 840 */
  call_p50_ms: number | null;
  /** @example 2100 */
  call_p95_ms: number | null;
  /** @example 310 */
  first_token_p50_ms: number | null;
  /** Median from message to reply, waiting and retries included.
   * @example 870 */
  response_p50_ms: number | null;
  /** @example 2300 */
  response_p95_ms: number | null;
  /** Replies that were rated up.
   * @example 120 */
  feedback_up: number;
  /** Replies that were rated down.
   * @example 14 */
  feedback_down: number;
  /** Turns that were handed over to people.
   * @example 3 */
  escalations: number;

  static from({ ledger, conversations, errorRate }: ArmReport): ExperimentResultsResponse {
    return {
      conversations: conversations.conversations,
      turns: conversations.turns,
      completed: conversations.completed,
      failed: conversations.failed,
      cancelled: conversations.cancelled,
      error_rate: errorRate,
      calls: ledger.calls,
      failed_calls: ledger.failedCalls,
      cached_answers: ledger.cachedAnswers,
      input_tokens: ledger.inputTokens,
      cached_tokens: ledger.cachedTokens,
      cache_write_tokens: ledger.cacheWriteTokens,
      output_tokens: ledger.outputTokens,
      reasoning_tokens: ledger.reasoningTokens,
      total_tokens: ledger.totalTokens,
      estimated_tokens: ledger.estimatedTokens,
      calls_without_usage: ledger.callsWithoutUsage,
      cost_usd: ledger.costUsdMicros / MICROS_PER_USD,
      unpriced_calls: ledger.unpricedCalls,
      cost_per_conversation_usd:
        ledger.conversations === 0 ? null : ledger.costUsdMicros / MICROS_PER_USD / ledger.conversations,
      call_p50_ms: ledger.callP50Ms,
      call_p95_ms: ledger.callP95Ms,
      first_token_p50_ms: ledger.firstTokenP50Ms,
      response_p50_ms: conversations.responseP50Ms,
      response_p95_ms: conversations.responseP95Ms,
      feedback_up: conversations.feedbackUp,
      feedback_down: conversations.feedbackDown,
      escalations: conversations.escalations,
    };
  }
}

export class ProportionResponse {
  /** @example 14 */
  hits: number;
  /** @example 134 */
  of: number;
  /** Null when there is none.
   * @example 0.104 */
  rate: number | null;
}

/** How often something happened to conversations with version A and with version B. */
export class ProportionComparisonResponse {
  a: ProportionResponse;
  b: ProportionResponse;

  /** Rate of B minus rate of A.
   * @example -0.03 */
  difference: number | null;

  /** 95 percent confidence interval of the difference (Newcombe, from Wilson scores); null while one side has fewer than 30.
   * @example [-0.08, 0.02] */
  @ApiProperty({ type: [Number], minItems: 2, maxItems: 2, nullable: true })
  confidence_interval: number[] | null;

  /** Of the two-proportion z-test, two-sided; null while there are too few. It holds for one look at the end, not for stopping at the first small value.
   * @example 0.24 */
  p_value: number | null;

  static from({ a, b, difference, confidenceInterval, pValue }: ProportionComparison): ProportionComparisonResponse {
    return { a, b, difference, confidence_interval: confidenceInterval, p_value: pValue };
  }
}

export class ExperimentSplitResponse {
  /** Share of the conversations that got version B; null while there is none.
   * @example 0.49 */
  share_b: number | null;

  /** How likely a split this far from the wanted one is by chance; below 0.001 something is wrong with the experiment. Null while too few.
   * @example 0.53 */
  p_value: number | null;
}

/** Counted by conversation, since a conversation gets a version: turns of one conversation are not independent. */
export class ExperimentComparisonResponse {
  /** Conversations with a reply rated down, among those with any rating. */
  negative_feedback: ProportionComparisonResponse;
  /** Conversations with a failed turn. */
  failed: ProportionComparisonResponse;
  /** Conversations that were handed over to people. */
  escalated: ProportionComparisonResponse;
}

/** An experiment with what it has shown so far. */
export class ExperimentReportResponse extends ExperimentResponse {
  a: ExperimentResultsResponse;
  b: ExperimentResultsResponse;
  /** Both together: every row of the usage ledger that belongs to the experiment. */
  total: ExperimentResultsResponse;
  split: ExperimentSplitResponse;
  comparison: ExperimentComparisonResponse;

  static fromReport(experiment: Experiment, report: ExperimentReport): ExperimentReportResponse {
    const { negativeFeedback, failed, escalated } = report.comparison;
    return {
      ...ExperimentResponse.from(experiment),
      a: ExperimentResultsResponse.from(report.a),
      b: ExperimentResultsResponse.from(report.b),
      total: ExperimentResultsResponse.from(report.total),
      split: { share_b: report.split.shareB, p_value: report.split.pValue },
      comparison: {
        negative_feedback: ProportionComparisonResponse.from(negativeFeedback),
        failed: ProportionComparisonResponse.from(failed),
        escalated: ProportionComparisonResponse.from(escalated),
      },
    };
  }
}
