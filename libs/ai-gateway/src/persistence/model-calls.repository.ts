import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { spending } from '../budgets/persistence/budget-sql';
import { ModelCallEntity, type ModelCallStatus } from './model-call.entity';

export type NewModelCall = Pick<
  ModelCallEntity,
  | 'workspaceId'
  | 'userId'
  | 'personaId'
  | 'personaVersionId'
  | 'conversationId'
  | 'turnId'
  | 'purpose'
  | 'channel'
  | 'attempt'
  | 'provider'
  | 'api'
  | 'modelRequested'
  | 'queueMs'
> &
  /** Null, or left out: it is part of no comparison. */
  Partial<Pick<ModelCallEntity, 'experimentId'>>;

export interface ClosedModelCall {
  status: Exclude<ModelCallStatus, 'started' | 'lost' | 'cached'>;
  model: string | null;
  upstreamId: string | null;
  inputTokens: number | null;
  cachedTokens: number | null;
  cacheWriteTokens: number | null;
  outputTokens: number | null;
  reasoningTokens: number | null;
  totalTokens: number | null;
  firstTokenMs: number | null;
  totalMs: number;
  httpStatus: number | null;
  errorCode: string | null;
  /** As the upstream reported it; else the one asked for, where it can only be that. */
  serviceTier: string | null;
  costUsdMicros: number | null;
  priceId: number | null;
  /** The token counts are our estimate: the upstream gave none. */
  isUsageEstimated: boolean;
}

@Injectable()
export class ModelCallsRepository {
  constructor(private readonly database: Database) {}

  async open(call: NewModelCall): Promise<{ id: number; startedAt: Date }> {
    const [row] = await this.database.query<{ id: number; startedAt: Date }>(
      `INSERT INTO model_calls (workspace_id, user_id, persona_id, persona_version_id, conversation_id, turn_id, attempt, provider, api,
         model_requested, queue_ms, purpose, channel, experiment_id)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id, started_at AS "startedAt"`,
      [
        call.workspaceId,
        call.userId,
        call.personaId,
        call.personaVersionId,
        call.conversationId,
        call.turnId,
        call.attempt,
        call.provider,
        call.api,
        call.modelRequested,
        call.queueMs,
        call.purpose,
        call.channel,
        call.experimentId ?? null,
      ],
    );
    return row!;
  }

  /** Only when this attempt has completed its turn: `finish` comes first in the same transaction. Once, also when a commit is repeated whose answer got lost. */
  async addCached(call: NewModelCall, { model, totalMs }: { model: string; totalMs: number }): Promise<void> {
    await this.database.query(
      `INSERT INTO model_calls (workspace_id, user_id, persona_id, persona_version_id, conversation_id, turn_id, attempt, provider, api,
         model_requested, queue_ms, purpose, channel, status, model, total_ms, ended_at, input_tokens, cached_tokens, cache_write_tokens,
         output_tokens, reasoning_tokens, total_tokens, cost_usd_micros, experiment_id)
       SELECT $1, $2, $3, $4, $5, $6::bigint, $7::integer, $8, $9, $10, $11, $12, $13, 'cached', $14, $15, now(), 0, 0, 0, 0, 0, 0, 0, $16::bigint
       WHERE EXISTS (SELECT 1 FROM turns t WHERE t.id = $6::bigint AND t.attempt = $7::integer AND t.status = 'completed')
       ON CONFLICT (turn_id, purpose, attempt) DO NOTHING`,
      [
        call.workspaceId,
        call.userId,
        call.personaId,
        call.personaVersionId,
        call.conversationId,
        call.turnId,
        call.attempt,
        call.provider,
        call.api,
        call.modelRequested,
        call.queueMs,
        call.purpose,
        call.channel,
        model,
        totalMs,
        call.experimentId ?? null,
      ],
    );
  }

  /**
   * Once: what a closed row says stays, whoever closes it again. One that a takeover has marked `lost` stays lost; what its late end says about usage
   * is still recorded, and counts for the budgets. An answer that did not become the reply (`finish` comes first in the same transaction) is `cancelled`, whatever it has cost.
   */
  async close(id: number, closed: ClosedModelCall): Promise<void> {
    await this.database.query(
      `WITH prior AS (
         SELECT id AS call_id, workspace_id, user_id, persona_id, started_at
         FROM model_calls WHERE id = $1 AND status IN ('started', 'lost') AND total_ms IS NULL FOR UPDATE
       ), closed AS (
         UPDATE model_calls c SET status = CASE
             WHEN status <> 'started' THEN status
             WHEN $2 = 'succeeded' AND purpose = 'reply' AND NOT EXISTS (
               SELECT 1 FROM turns t WHERE t.id = c.turn_id AND t.attempt = c.attempt AND t.status = 'completed'
             ) THEN 'cancelled'
             ELSE $2 END,
           ended_at = coalesce(ended_at, now()), model = $3,
           upstream_id = $4, input_tokens = $5, cached_tokens = $6, cache_write_tokens = $7, output_tokens = $8, reasoning_tokens = $9,
           total_tokens = $10, first_token_ms = $11, total_ms = $12, http_status = $13, error_code = $14, cost_usd_micros = $15, price_id = $16, is_usage_estimated = $17,
           service_tier = $18
         FROM prior WHERE c.id = prior.call_id RETURNING coalesce(total_tokens, 0) AS tokens, coalesce(cost_usd_micros, 0) AS cost
       ), ${spending('prior', `CASE b.unit WHEN 'tokens' THEN closed.tokens ELSE closed.cost END`, 'closed')}`,
      [
        id,
        closed.status,
        closed.model,
        closed.upstreamId,
        closed.inputTokens,
        closed.cachedTokens,
        closed.cacheWriteTokens,
        closed.outputTokens,
        closed.reasoningTokens,
        closed.totalTokens,
        closed.firstTokenMs,
        closed.totalMs,
        closed.httpStatus,
        closed.errorCode,
        closed.costUsdMicros,
        closed.priceId,
        closed.isUsageEstimated,
        closed.serviceTier,
      ],
    );
  }

  /** The number of the next attempt of a turn for this purpose, from 1. */
  async nextAttempt(turnId: number, purpose: ModelCallEntity['purpose']): Promise<number> {
    const [row] = await this.database.query<{ attempt: number }>(
      'SELECT coalesce(max(attempt), 0) + 1 AS attempt FROM model_calls WHERE turn_id = $1 AND purpose = $2',
      [turnId, purpose],
    );
    return row!.attempt;
  }

  async closeAbandoned(olderThanMs: number): Promise<void> {
    await this.database.query(
      `UPDATE model_calls SET status = 'lost', ended_at = now()
       WHERE status = 'started' AND started_at < now() - $1 * interval '1 millisecond'`,
      [olderThanMs],
    );
  }

  /** Closes what a dead worker left open. */
  async markLost(turnId: number): Promise<void> {
    await this.database.query(
      `UPDATE model_calls SET status = 'lost', ended_at = now() WHERE turn_id = $1 AND purpose = 'reply' AND status = 'started'`,
      [turnId],
    );
  }
}
