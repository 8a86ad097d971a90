import type { Page } from '@app/platform';
import type { ReRatingCause, ReRatingCounts, ReRatingScope, ReRatingStatus } from '../re-rating';
import type { ReRatingWithChanges } from '../re-ratings.service';
import { PriceChangeResponse } from './price-change.response';

const MICROS_PER_USD = 1_000_000;

/** What was done to calls. The costs are sums in US dollars in which a call without a cost counts as nothing. */
export class ReRatingCountsResponse {
  /** @example 1000000 */
  calls_looked_at: number;

  /** Those that got another cost, or their cost from another price.
   * @example 1000000 */
  calls_changed: number;

  /** Those that had no cost before.
   * @example 0 */
  calls_newly_priced: number;

  /** Those that have no cost any more.
   * @example 0 */
  calls_newly_unpriced: number;

  /** Of the calls looked at, before.
   * @example 164.25 */
  cost_before_usd: number;

  /** Of the same calls, after. The ledger's sum has changed by the difference.
   * @example 82.125 */
  cost_after_usd: number;

  static of(counts: ReRatingCounts): ReRatingCountsResponse {
    return {
      calls_looked_at: counts.callsLookedAt,
      calls_changed: counts.callsChanged,
      calls_newly_priced: counts.callsNewlyPriced,
      calls_newly_unpriced: counts.callsNewlyUnpriced,
      cost_before_usd: counts.costBeforeUsdMicros / MICROS_PER_USD,
      cost_after_usd: counts.costAfterUsdMicros / MICROS_PER_USD,
    };
  }
}

export class ReRatingOfModelResponse extends ReRatingCountsResponse {
  /** Provider and model that answered, or that was asked for where no answer named one; from the 201st on all others together.
   * @example openai/gpt-6-luna-2026-05-12 */
  model: string;
}

/** Which calls it concerns; null: all. */
export class ReRatingScopeResponse implements ReRatingScope {
  /** @example openai */
  provider: string | null;

  /** @example gpt-6-luna */
  model: string | null;

  /** Calls that started then or later.
   * @example 2026-11-01T00:00:00.000Z */
  from: string;

  /** Calls that started before; null: no end.
   * @example null */
  to: string | null;
}

export class ReRatingProgressResponse {
  /** How many groups of calls (of one provider and model) there are; null while it waits.
   * @example 3 */
  groups: number | null;

  /** @example 3 */
  groups_done: number;
}

/** A re-rating: how far it is, and the audit of what it did. */
export class ReRatingResponse extends ReRatingCountsResponse {
  /** @example 7 */
  id: number;

  /** `waiting`: not begun. `running`: goes through the calls. `settling`: all calls of the past are done; it waits for those that were running
   * during the change, and looks at them again. `completed`: done.
   * @example completed */
  status: ReRatingStatus;

  /** What it was made for: a price was `created`, `changed` or `deleted`, prices were `imported`, or somebody `requested` it.
   * @example changed */
  cause: ReRatingCause;

  /** @example "OpenAI lowered the price on 1 November." */
  reason: string | null;

  /** The user who caused it; null when that account is gone.
   * @example 1 */
  requested_by: number | null;

  scopes: ReRatingScopeResponse[];

  /** The changes of prices that it was made for; at most 200. */
  changes: PriceChangeResponse[];

  progress: ReRatingProgressResponse;

  by_model: ReRatingOfModelResponse[];

  /** @example 2026-11-21T12:00:00.000Z */
  created_at: string;

  /** @example 2026-11-21T12:00:00.100Z */
  started_at: string | null;

  /** @example 2026-11-21T12:01:30.000Z */
  finished_at: string | null;

  static from(run: ReRatingWithChanges): ReRatingResponse {
    return {
      id: run.id,
      status: run.status,
      cause: run.cause,
      reason: run.reason,
      requested_by: run.requestedBy,
      scopes: run.scopes.map(({ provider, model, from, to }) => ({ provider, model, from, to })),
      changes: run.changes.map((change) => PriceChangeResponse.from(change)),
      progress: { groups: run.parts?.length ?? null, groups_done: run.partIndex },
      ...ReRatingCountsResponse.of(run),
      by_model: Object.entries(run.byModel).map(([model, counts]) => ({
        model,
        ...ReRatingCountsResponse.of(counts),
      })),
      created_at: run.createdAt.toISOString(),
      started_at: run.startedAt?.toISOString() ?? null,
      finished_at: run.finishedAt?.toISOString() ?? null,
    };
  }
}

export class ReRatingListResponse {
  re_ratings: ReRatingResponse[];

  /** @example false */
  has_more: boolean;

  /** Null on the last page.
   * @example null */
  next_cursor: string | null;

  static fromPage(page: Page<ReRatingWithChanges>): ReRatingListResponse {
    return {
      re_ratings: page.items.map((run) => ReRatingResponse.from(run)),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    };
  }
}
