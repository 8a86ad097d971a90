import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { ModelCallEntity, type ModelCallStatus } from './model-call.entity';

export type NewModelCall = Pick<
  ModelCallEntity,
  | 'workspaceId'
  | 'userId'
  | 'personaId'
  | 'personaVersionId'
  | 'conversationId'
  | 'turnId'
  | 'attempt'
  | 'provider'
  | 'api'
  | 'modelRequested'
  | 'queueMs'
>;

export interface ClosedModelCall {
  status: Exclude<ModelCallStatus, 'started' | 'lost'>;
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
  costUsdMicros: number | null;
  priceId: number | null;
}

export interface UserTotals {
  totalTokens: number;
  costUsdMicros: number;
  unpricedCalls: number;
}

@Injectable()
export class ModelCallsRepository {
  constructor(private readonly database: Database) {}

  async open(call: NewModelCall): Promise<number> {
    const result = await this.database.repository(ModelCallEntity).insert(call);
    return (result.identifiers[0] as { id: number }).id;
  }

  /** Only an open row changes its status: one that a takeover has marked `lost` stays lost; what the late answer says about usage is still recorded. */
  async close(id: number, closed: ClosedModelCall): Promise<void> {
    const { status, ...values } = closed;
    await this.database
      .repository(ModelCallEntity)
      .createQueryBuilder()
      .update()
      .set({
        ...values,
        status: () => `CASE WHEN status = 'started' THEN :closed_status ELSE status END`,
        endedAt: () => 'coalesce(ended_at, now())',
      })
      .where({ id })
      .setParameter('closed_status', status)
      .execute();
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
    await this.database
      .repository(ModelCallEntity)
      .createQueryBuilder()
      .update()
      .set({ status: 'lost', endedAt: () => 'now()' })
      .where({ turnId, status: 'started' })
      .execute();
  }

  /** Sums over every attempt of one user with known usage; the simulator costs nothing and is not counted as unpriced. */
  async totalsForUser(userId: number): Promise<UserTotals> {
    const [row] = await this.database.query<UserTotals>(
      `SELECT coalesce(sum(total_tokens), 0)::bigint AS "totalTokens", coalesce(sum(cost_usd_micros), 0)::bigint AS "costUsdMicros",
         count(*) FILTER (WHERE cost_usd_micros IS NULL AND total_tokens IS NOT NULL) AS "unpricedCalls"
       FROM model_calls WHERE user_id = $1`,
      [userId],
    );
    return row!;
  }
}
