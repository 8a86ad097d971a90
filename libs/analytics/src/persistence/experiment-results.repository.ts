import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';

/** What the ledger has of one version in a comparison, or of both together. */
export interface LedgerTotals {
  /** Null: both together. */
  versionId: number | null;
  /** Conversations that calls were made for, also those that were erased since. */
  conversations: number;
  calls: number;
  failedCalls: number;
  cachedAnswers: number;
  inputTokens: number;
  cachedTokens: number;
  cacheWriteTokens: number;
  outputTokens: number;
  reasoningTokens: number;
  totalTokens: number;
  /** Ours, where the upstream gave no count; not part of the others. */
  estimatedTokens: number;
  callsWithoutUsage: number;
  costUsdMicros: number;
  unpricedCalls: number;
  callP50Ms: number | null;
  callP95Ms: number | null;
  firstTokenP50Ms: number | null;
}

/** What became of the conversations of one version in a comparison, or of both together. */
export interface ConversationTotals {
  version: number | null;
  conversations: number;
  turns: number;
  completed: number;
  failed: number;
  cancelled: number;
  escalations: number;
  feedbackUp: number;
  feedbackDown: number;
  responseP50Ms: number | null;
  responseP95Ms: number | null;
  ratedConversations: number;
  downConversations: number;
  failedConversations: number;
  escalatedConversations: number;
}

const tokens = (column: string): string => `coalesce(sum(${column}) FILTER (WHERE NOT is_usage_estimated), 0)::bigint`;

const percentile = (share: number, column: string, condition: string): string =>
  `round(percentile_cont(${share}) WITHIN GROUP (ORDER BY ${column}) FILTER (WHERE ${condition}))::integer`;

const ANSWERED = `purpose = 'reply' AND status = 'succeeded'`;

/** Reads what belongs to one comparison. Whoever calls has checked that it may be seen. */
@Injectable()
export class ExperimentResultsRepository {
  constructor(private readonly database: Database) {}

  /** Rows of single versions, and one of all together, which is there also when nothing has happened. */
  ledger(experimentId: number): Promise<LedgerTotals[]> {
    return this.database.query<LedgerTotals>(
      `SELECT persona_version_id AS "versionId", count(DISTINCT conversation_id) AS conversations,
         count(*) FILTER (WHERE status <> 'cached') AS calls, count(*) FILTER (WHERE status IN ('failed', 'lost')) AS "failedCalls",
         count(*) FILTER (WHERE status = 'cached') AS "cachedAnswers",
         ${tokens('input_tokens')} AS "inputTokens", ${tokens('cached_tokens')} AS "cachedTokens",
         ${tokens('cache_write_tokens')} AS "cacheWriteTokens", ${tokens('output_tokens')} AS "outputTokens",
         ${tokens('reasoning_tokens')} AS "reasoningTokens", ${tokens('total_tokens')} AS "totalTokens",
         coalesce(sum(total_tokens) FILTER (WHERE is_usage_estimated), 0)::bigint AS "estimatedTokens",
         count(*) FILTER (WHERE total_tokens IS NULL AND status NOT IN ('started', 'cached')) AS "callsWithoutUsage",
         coalesce(sum(cost_usd_micros), 0)::bigint AS "costUsdMicros",
         count(*) FILTER (WHERE cost_usd_micros IS NULL AND total_tokens IS NOT NULL AND status <> 'cached') AS "unpricedCalls",
         ${percentile(0.5, 'total_ms', ANSWERED)} AS "callP50Ms", ${percentile(0.95, 'total_ms', ANSWERED)} AS "callP95Ms",
         ${percentile(0.5, 'first_token_ms', ANSWERED)} AS "firstTokenP50Ms"
       FROM model_calls WHERE experiment_id = $1 GROUP BY GROUPING SETS ((persona_version_id), ())`,
      [experimentId],
    );
  }

  /**
   * As `ledger`. A turn counts when it was begun as part of the comparison; one that was handed over to people, when it was sent while the
   * comparison ran. An escalation is a turn with which people were asked to take over: what is said to them afterwards is none.
   */
  conversations(experimentId: number): Promise<ConversationTotals[]> {
    return this.database.query<ConversationTotals>(
      `WITH counted AS (
         SELECT c.id, c.persona_version AS version, t.id AS turn_id, t.status, t.escalation_reason, m.response_time_ms, f.rating
         FROM conversations c JOIN persona_experiments e ON e.id = c.experiment_id
         LEFT JOIN turns t ON t.conversation_id = c.id
           AND (t.experiment_id = e.id OR (t.status = 'handed_off' AND t.created_at < coalesce(e.stopped_at, 'infinity')))
         LEFT JOIN messages m ON m.turn_id = t.id LEFT JOIN message_feedback f ON f.message_id = m.id
         WHERE c.experiment_id = $1
       )
       SELECT version, count(DISTINCT id) AS conversations, count(turn_id) AS turns,
         count(*) FILTER (WHERE status = 'completed') AS completed, count(*) FILTER (WHERE status = 'failed') AS failed,
         count(*) FILTER (WHERE status = 'cancelled') AS cancelled, count(escalation_reason) AS escalations,
         count(*) FILTER (WHERE rating = 'up') AS "feedbackUp", count(*) FILTER (WHERE rating = 'down') AS "feedbackDown",
         ${percentile(0.5, 'response_time_ms', `status = 'completed'`)} AS "responseP50Ms",
         ${percentile(0.95, 'response_time_ms', `status = 'completed'`)} AS "responseP95Ms",
         count(DISTINCT id) FILTER (WHERE rating IS NOT NULL) AS "ratedConversations",
         count(DISTINCT id) FILTER (WHERE rating = 'down') AS "downConversations",
         count(DISTINCT id) FILTER (WHERE status = 'failed') AS "failedConversations",
         count(DISTINCT id) FILTER (WHERE escalation_reason IS NOT NULL) AS "escalatedConversations"
       FROM counted GROUP BY GROUPING SETS ((version), ())`,
      [experimentId],
    );
  }
}
