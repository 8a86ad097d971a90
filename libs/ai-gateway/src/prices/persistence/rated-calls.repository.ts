import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { ReRatingPart } from '../re-rating';
import type { Strand } from '../re-rating-parts';
import { type RatedCallRow, type ReRatedCall } from '../re-rating-tally';

/** Where a batch goes on: after this call of the part, in the order of starting times and ids. */
export interface CallCursor {
  /** To the microsecond, as PostgreSQL writes it. */
  startedAt: string;
  id: number;
}

type FlatRow = Omit<RatedCallRow, 'usage'> & RatedCallRow['usage'];

/** The condition of the index `model_calls_rating_idx`. */
const CAN_BE_RATED = `input_tokens IS NOT NULL AND output_tokens IS NOT NULL AND status <> 'cached'`;

/** The ledger as a re-rating sees it: every call with known usage. */
@Injectable()
export class RatedCallsRepository {
  constructor(private readonly database: Database) {}

  /** All combinations of provider and models that there are calls of: one jump through the index for each. */
  async strands(): Promise<Strand[]> {
    return this.database.query<Strand>(
      `WITH RECURSIVE strands AS (
         (SELECT provider, model_requested, coalesce(model, '') AS model FROM model_calls WHERE ${CAN_BE_RATED} ORDER BY 1, 2, 3 LIMIT 1)
         UNION ALL
         SELECT next.provider, next.model_requested, next.model FROM strands s CROSS JOIN LATERAL (
           SELECT provider, model_requested, coalesce(model, '') AS model FROM model_calls
           WHERE ${CAN_BE_RATED} AND (provider, model_requested, coalesce(model, '')) > (s.provider, s.model_requested, s.model)
           ORDER BY 1, 2, 3 LIMIT 1) next
       )
       SELECT provider, model_requested AS "modelRequested", model FROM strands`,
    );
  }

  /** The next calls of a part after a cursor; without locks. */
  async batch(part: ReRatingPart, after: CallCursor, limit: number): Promise<RatedCallRow[]> {
    const rows = await this.database.query<FlatRow>(
      `SELECT id, workspace_id AS "workspaceId", user_id AS "userId", persona_id AS "personaId", provider, model,
         model_requested AS "modelRequested", service_tier AS "serviceTier", started_at AS "startedAt", started_at::text AS "startedAtText",
         input_tokens AS "inputTokens", cached_tokens AS "cachedTokens", cache_write_tokens AS "cacheWriteTokens",
         output_tokens AS "outputTokens", reasoning_tokens AS "reasoningTokens", total_tokens AS "totalTokens",
         cost_usd_micros AS "costUsdMicros", price_id AS "priceId"
       FROM model_calls
       WHERE ${CAN_BE_RATED} AND provider = $1 AND model_requested = $2 AND coalesce(model, '') = $3
         AND (started_at, id) > ($4::timestamptz, $5::bigint) AND started_at < $6::timestamptz
       ORDER BY started_at, id LIMIT $7`,
      [part.provider, part.modelRequested, part.model, after.startedAt, after.id, part.to ?? 'infinity', limit],
    );
    return rows.map(({ inputTokens, cachedTokens, cacheWriteTokens, outputTokens, reasoningTokens, totalTokens, ...row }) => ({
      ...row,
      usage: { inputTokens, cachedTokens, cacheWriteTokens, outputTokens, reasoningTokens, totalTokens },
    })); // prettier-ignore
  }

  /** Writes new costs; a call whose cost is another one by now is left alone. Returns the ids of those that were written. */
  async write(calls: readonly ReRatedCall[]): Promise<Set<number>> {
    const rows = await this.database.query<{ id: number }>(
      `UPDATE model_calls c SET cost_usd_micros = v.cost, price_id = v.price
       FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) AS v (id, cost, price, cost_before, price_before)
       WHERE c.id = v.id AND c.cost_usd_micros IS NOT DISTINCT FROM v.cost_before AND c.price_id IS NOT DISTINCT FROM v.price_before
       RETURNING c.id`,
      [
        calls.map(({ row }) => row.id),
        calls.map(({ rating }) => rating.costUsdMicros),
        calls.map(({ rating }) => rating.priceId),
        calls.map(({ row }) => row.costUsdMicros),
        calls.map(({ row }) => row.priceId),
      ],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /** Whether a call that started before this time is still running. */
  async isOneOpen(startedBefore: string): Promise<boolean> {
    const [row] = await this.database.query<{ isOpen: boolean }>(
      `SELECT EXISTS (SELECT 1 FROM model_calls WHERE status = 'started' AND started_at < $1::timestamptz) AS "isOpen"`,
      [startedBefore],
    );
    return row!.isOpen;
  }
}
