import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * More sums of the ledger: of everything, per workspace, per user and per persona alone, and of everything by quarters of an hour, which is what time
 * zones like India's need. What is in a conversation is told apart from previews by figures of its own, so that the same sums serve it.
 *
 * All sums are made anew by the job; until then reports read the ledger.
 */
export class SumUpByOneDimension1763703400000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    // The same bins as before, found among their bounds: logarithms took most of the time of reports that read the ledger.
    await queryRunner.query(`
      CREATE OR REPLACE FUNCTION latency_bin(ms integer) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN
        width_bucket(ms, '{${LOWEST_OF_BINS.join(',')}}'::integer[])::bigint`);
    await queryRunner.query(`CREATE OR REPLACE VIEW model_call_figures AS ${view(CONVERSATION_FIGURES)}`);
    await queryRunner.query(`TRUNCATE usage_rollups`);
    await queryRunner.query(`
      ALTER TABLE usage_rollups ADD COLUMN conversation_tokens bigint NOT NULL, ADD COLUMN conversation_cost_usd_micros bigint NOT NULL,
        DROP CONSTRAINT usage_rollups_cube_check, ADD CONSTRAINT usage_rollups_cube_check CHECK (cube BETWEEN 1 AND 7),
        DROP CONSTRAINT usage_rollups_grain_check, ADD CONSTRAINT usage_rollups_grain_check CHECK (grain BETWEEN 1 AND 4)`);
    await queryRunner.query(`COMMENT ON TABLE usage_rollups IS
      'Sums of model_call_figures. cube 1: per model, channel and purpose; 2: also workspace and persona; 3: also user; 4: of everything; 5: per workspace; 6: per user; 7: per persona (0 or empty where a cube does not tell apart). grain 1: hour, 2: day, 3: month, 4: quarter of an hour, all UTC. latencies: what was measured (queue 0, first token 1, total 2) in bits 48 and up, its bin in bits 40 to 47, how many calls below.'`);
    for (const [name, columns, cubes] of INDEXES) {
      await queryRunner.query(`DROP INDEX ${name}`);
      await queryRunner.query(`CREATE INDEX ${name} ON usage_rollups (${columns}) WHERE ${cubes}`);
    }
    await this.sumUpAnew(queryRunner);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`TRUNCATE usage_rollups`);
    for (const [name, , , columns, cubes] of INDEXES) {
      await queryRunner.query(`DROP INDEX ${name}`);
      await queryRunner.query(`CREATE INDEX ${name} ON usage_rollups (${columns}) WHERE ${cubes}`);
    }
    await queryRunner.query(`
      ALTER TABLE usage_rollups DROP COLUMN conversation_tokens, DROP COLUMN conversation_cost_usd_micros,
        DROP CONSTRAINT usage_rollups_cube_check, ADD CONSTRAINT usage_rollups_cube_check CHECK (cube BETWEEN 1 AND 3),
        DROP CONSTRAINT usage_rollups_grain_check, ADD CONSTRAINT usage_rollups_grain_check CHECK (grain BETWEEN 1 AND 3)`);
    await queryRunner.query(`COMMENT ON TABLE usage_rollups IS
      'Sums of model_call_figures. cube 1: per model, channel and purpose; 2: also workspace and persona; 3: also user (0 where a cube does not tell apart). grain 1: hour, 2: day, 3: month, all UTC. latencies: what was measured (queue 0, first token 1, total 2) in bits 48 and up, its bin in bits 40 to 47, how many calls below.'`);
    await queryRunner.query(`DROP VIEW model_call_figures`);
    await queryRunner.query(`CREATE VIEW model_call_figures AS ${view('')}`);
    await queryRunner.query(`
      CREATE OR REPLACE FUNCTION latency_bin(ms integer) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN
        CASE WHEN ms <= 0 THEN 0 ELSE least(200, 1 + ceil(round((ln(ms::double precision) / ln(1.1::double precision))::numeric, 6)))::bigint END`);
    await this.sumUpAnew(queryRunner);
  }

  private async sumUpAnew(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`TRUNCATE error_rollups, conversation_activity, rollup_marks`);
    await queryRunner.query(`
      UPDATE rollup_state SET moved_by = pg_current_xact_id(),
        frontier = date_trunc('day', coalesce((SELECT min(started_at) FROM model_calls), now()), 'UTC')`);
  }
}

/** Bins grow by a tenth: bin 1 is 1 ms, bin i begins at the first whole millisecond over 1.1^(i-2); the last one holds everything over 43 hours. */
const LOWEST_OF_BINS = Array.from({ length: 200 }, (_, bin) => (bin === 0 ? 1 : Math.floor(1.1 ** (bin - 1)) + 1));

/** Name, columns, cubes; and as they were before. */
const INDEXES = [
  [
    'usage_rollups_workspace_idx',
    'workspace_id, cube, grain, bucket',
    'cube IN (2, 3, 5)',
    'workspace_id, cube, grain, bucket',
    'cube > 1',
  ],
  [
    'usage_rollups_persona_idx',
    'persona_id, cube, grain, bucket',
    'cube IN (2, 7)',
    'persona_id, grain, bucket',
    'cube = 2',
  ],
  ['usage_rollups_user_idx', 'user_id, cube, grain, bucket', 'cube IN (3, 6)', 'user_id, grain, bucket', 'cube = 3'],
] as const;

const CONVERSATION_FIGURES = `,
    CASE WHEN is_usage_estimated OR purpose = 'preview' THEN 0 ELSE coalesce(total_tokens, 0) END AS conversation_tokens,
    CASE WHEN purpose = 'preview' THEN 0 ELSE coalesce(cost_usd_micros, 0) END AS conversation_cost_usd_micros`;

/** A call's model is the one that was asked for: it is known from the beginning, and so a call never moves from one sum to another. */
const view = (more: string): string => `
  SELECT started_at, workspace_id, user_id, persona_id, conversation_id, model_requested AS model, channel, purpose, status, error_code, http_status,
    CASE WHEN is_usage_estimated THEN 0 ELSE coalesce(input_tokens, 0) END AS input_tokens,
    CASE WHEN is_usage_estimated THEN 0 ELSE coalesce(cached_tokens, 0) END AS cached_tokens,
    CASE WHEN is_usage_estimated THEN 0 ELSE coalesce(cache_write_tokens, 0) END AS cache_write_tokens,
    CASE WHEN is_usage_estimated THEN 0 ELSE coalesce(output_tokens, 0) END AS output_tokens,
    CASE WHEN is_usage_estimated THEN 0 ELSE coalesce(reasoning_tokens, 0) END AS reasoning_tokens,
    CASE WHEN is_usage_estimated THEN 0 ELSE coalesce(total_tokens, 0) END AS total_tokens,
    CASE WHEN is_usage_estimated THEN coalesce(total_tokens, 0) ELSE 0 END AS estimated_tokens,
    coalesce(cost_usd_micros, 0) AS cost_usd_micros,
    CASE WHEN is_usage_estimated THEN coalesce(cost_usd_micros, 0) ELSE 0 END AS estimated_cost_usd_micros,
    CASE WHEN status = 'succeeded' THEN coalesce(queue_ms, 0) ELSE 0 END AS queue_ms,
    CASE WHEN status = 'succeeded' THEN coalesce(first_token_ms, 0) ELSE 0 END AS first_token_ms,
    CASE WHEN status = 'succeeded' THEN coalesce(total_ms, 0) ELSE 0 END AS total_ms,
    (status <> 'cached')::integer AS calls,
    (status = 'cached')::integer AS cached_answers,
    (status = 'started')::integer AS open_calls,
    (status = 'succeeded')::integer AS succeeded_calls,
    (status = 'failed')::integer AS failed_calls,
    (status = 'cancelled')::integer AS cancelled_calls,
    (status = 'lost')::integer AS lost_calls,
    (attempt > 1 AND status <> 'cached')::integer AS retries,
    (purpose = 'reply' AND attempt = 1)::integer AS turns,
    (purpose = 'reply' AND status IN ('succeeded', 'cached'))::integer AS replies,
    (purpose = 'reply' AND status = 'succeeded' AND provider <> 'simulator' AND cost_usd_micros IS NOT NULL)::integer AS priced_replies,
    (status <> 'cached' AND provider <> 'simulator' AND cost_usd_micros IS NOT NULL)::integer AS priced_calls,
    (status <> 'cached' AND cost_usd_micros IS NULL AND total_tokens IS NOT NULL)::integer AS unpriced_calls,
    (status <> 'cached' AND provider = 'simulator')::integer AS simulated_calls,
    is_usage_estimated::integer AS estimated_calls,
    (status NOT IN ('cached', 'started') AND total_tokens IS NULL)::integer AS calls_without_usage,
    CASE WHEN status = 'succeeded' THEN array_remove(ARRAY[
        (latency_bin(queue_ms) << 40) + 1, (((1::bigint << 8) + latency_bin(first_token_ms)) << 40) + 1,
        (((2::bigint << 8) + latency_bin(total_ms)) << 40) + 1], NULL)
      ELSE '{}' END AS latencies${more}
  FROM model_calls`;
