import { Column, CreateDateColumn, Entity, PrimaryGeneratedColumn } from 'typeorm';

/**
 * `lost`: its worker died or lost the lease, so what it used is unknown unless the upstream's answer still came. `cached`: nobody was asked,
 * an answer to the same request was there already; it used no tokens and costs nothing.
 */
export type ModelCallStatus = 'started' | 'succeeded' | 'failed' | 'cancelled' | 'lost' | 'cached';

/** The usage ledger: one row per attempt against a model API, inserted before the call and closed after it. Rows are never deleted. */
@Entity('model_calls')
export class ModelCallEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id: number;

  @Column({ name: 'workspace_id', type: 'bigint' })
  workspaceId: number;

  @Column({ name: 'user_id', type: 'bigint' })
  userId: number;

  @Column({ name: 'persona_id', type: 'bigint' })
  personaId: number;

  @Column({ name: 'persona_version_id', type: 'bigint' })
  personaVersionId: number;

  /** Null for a preview, which belongs to no conversation. */
  @Column({ name: 'conversation_id', type: 'bigint', nullable: true })
  conversationId: number | null;

  @Column({ name: 'turn_id', type: 'bigint', nullable: true })
  turnId: number | null;

  /** `reply`: the answer of the turn. `summary`: what was made after it of the conversation's older part. `preview`: shown and not kept. `draft`: for a person who takes over. */
  @Column({ type: 'varchar', length: 20, default: 'reply' })
  purpose: 'reply' | 'summary' | 'preview' | 'draft';

  /** The door that the conversation came through, such as `api`. */
  @Column({ type: 'varchar', length: 20, default: 'api' })
  channel: string;

  /** The comparison of two versions that the conversation is part of. */
  @Column({ name: 'experiment_id', type: 'bigint', nullable: true })
  experimentId: number | null;

  /** The tier in which the upstream says it ran the call; where it does not say, the one asked for; null when that left it open. */
  @Column({ name: 'service_tier', type: 'varchar', length: 20, nullable: true })
  serviceTier: string | null;

  /** 1 for the first of its turn and purpose; `attempt - 1` retries came before. */
  @Column({ type: 'integer' })
  attempt: number;

  @Column({ type: 'varchar', length: 20, default: 'started' })
  status: ModelCallStatus;

  @Column({ type: 'varchar', length: 40 })
  provider: string;

  @Column({ type: 'varchar', length: 20 })
  api: string;

  @Column({ name: 'model_requested', type: 'varchar', length: 200 })
  modelRequested: string;

  /** The model as the upstream names it. */
  @Column({ type: 'varchar', length: 200, nullable: true })
  model: string | null;

  @Column({ name: 'upstream_id', type: 'varchar', length: 200, nullable: true })
  upstreamId: string | null;

  /** Token counts are the upstream's; null means that it did not say. */
  @Column({ name: 'input_tokens', type: 'integer', nullable: true })
  inputTokens: number | null;

  @Column({ name: 'cached_tokens', type: 'integer', nullable: true })
  cachedTokens: number | null;

  @Column({ name: 'cache_write_tokens', type: 'integer', nullable: true })
  cacheWriteTokens: number | null;

  @Column({ name: 'output_tokens', type: 'integer', nullable: true })
  outputTokens: number | null;

  @Column({ name: 'reasoning_tokens', type: 'integer', nullable: true })
  reasoningTokens: number | null;

  @Column({ name: 'total_tokens', type: 'integer', nullable: true })
  totalTokens: number | null;

  /** From when the attempt could run to when it did. */
  @Column({ name: 'queue_ms', type: 'integer', nullable: true })
  queueMs: number | null;

  @Column({ name: 'first_token_ms', type: 'integer', nullable: true })
  firstTokenMs: number | null;

  @Column({ name: 'total_ms', type: 'integer', nullable: true })
  totalMs: number | null;

  @Column({ name: 'http_status', type: 'integer', nullable: true })
  httpStatus: number | null;

  @Column({ name: 'error_code', type: 'varchar', length: 60, nullable: true })
  errorCode: string | null;

  /** Millionths of a dollar, with the price in force when the call ran; null when no price or no usage is known. */
  @Column({ name: 'cost_usd_micros', type: 'bigint', nullable: true })
  costUsdMicros: number | null;

  @Column({ name: 'price_id', type: 'bigint', nullable: true })
  priceId: number | null;

  @CreateDateColumn({ name: 'started_at', type: 'timestamptz' })
  startedAt: Date;

  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true })
  endedAt: Date | null;

  /** The token counts are our estimate: the upstream gave none. */
  @Column({ name: 'is_usage_estimated', type: 'boolean', default: false })
  isUsageEstimated: boolean;
}
