import type { Page } from '@app/platform';
import type { ListedPrice } from '../persistence/prices.repository';
import type { PriceAmounts, PricedProvider, PriceSource } from '../price';
import type { ChangedPrice, PriceDetails } from '../prices.service';
import { PriceChangeResponse } from './price-change.response';

/** US dollars per million tokens. */
export class PriceAmountsResponse {
  /** @example 0.1 */
  input_usd_per_mtok: number;

  /** Null: as other input.
   * @example 0.01 */
  cached_input_usd_per_mtok: number | null;

  /** Null: as other input.
   * @example 0.125 */
  cache_write_usd_per_mtok: number | null;

  /** @example 0.5 */
  output_usd_per_mtok: number;

  /** Null: as other output.
   * @example null */
  reasoning_usd_per_mtok: number | null;

  /** Above this many input tokens the factors apply to the whole call. Null: never.
   * @example 272000 */
  long_context_over_tokens: number | null;

  /** @example 2 */
  long_context_input_factor: number | null;

  /** @example 1.5 */
  long_context_output_factor: number | null;

  static of(price: PriceAmounts): PriceAmountsResponse {
    return {
      input_usd_per_mtok: price.inputUsdPerMtok,
      cached_input_usd_per_mtok: price.cachedInputUsdPerMtok,
      cache_write_usd_per_mtok: price.cacheWriteUsdPerMtok,
      output_usd_per_mtok: price.outputUsdPerMtok,
      reasoning_usd_per_mtok: price.reasoningUsdPerMtok,
      long_context_over_tokens: price.longContextOverTokens,
      long_context_input_factor: price.longContextInputFactor,
      long_context_output_factor: price.longContextOutputFactor,
    };
  }
}

/** What a model charges from a date on. */
export class PriceResponse extends PriceAmountsResponse {
  /** @example 42 */
  id: number;

  /** @example openai */
  provider: PricedProvider;

  /** @example gpt-6-luna */
  model: string;

  /** @example default */
  service_tier: string;

  /** @example 2026-11-01T00:00:00.000Z */
  effective_from: string;

  /** When the next price of the same model and tier takes its place; null: none does.
   * @example null */
  effective_to: string | null;

  /** `seed`: came with Parley. `admin`: set by an instance admin, and no import touches it. `import:genai-prices`: taken over from the package.
   * @example seed */
  source: PriceSource;

  /** The user who made it; null for the ones that came with Parley.
   * @example null */
  created_by: number | null;

  /** @example 2026-11-21T12:00:00.000Z */
  created_at: string;

  /** @example 2026-11-21T12:00:00.000Z */
  updated_at: string;

  /** It is out of use since then, and kept because calls were rated with it.
   * @example null */
  deleted_at: string | null;

  static from(price: ListedPrice): PriceResponse {
    return {
      id: price.id,
      provider: price.provider,
      model: price.model,
      service_tier: price.serviceTier,
      effective_from: price.effectiveFrom.toISOString(),
      effective_to: price.effectiveTo?.toISOString() ?? null,
      ...PriceAmountsResponse.of(price),
      source: price.source,
      created_by: price.createdBy,
      created_at: price.createdAt.toISOString(),
      updated_at: price.updatedAt.toISOString(),
      deleted_at: price.deletedAt?.toISOString() ?? null,
    };
  }
}

export class ChangedPriceResponse extends PriceResponse {
  /** The re-rating that the change has started (GET /prices/re-ratings/{id}); null: none.
   * @example 7 */
  re_rating_id: number | null;

  static fromChange({ price, reRatingId }: ChangedPrice): ChangedPriceResponse {
    return { ...PriceResponse.from(price), re_rating_id: reRatingId };
  }
}

export class PriceDetailsResponse extends PriceResponse {
  /** Its newest 200 changes, the newest first. */
  changes: PriceChangeResponse[];

  static fromDetails(price: PriceDetails): PriceDetailsResponse {
    return { ...PriceResponse.from(price), changes: price.changes.map((change) => PriceChangeResponse.from(change)) };
  }
}

export class PriceListResponse {
  prices: PriceResponse[];

  /** @example false */
  has_more: boolean;

  /** Null on the last page.
   * @example null */
  next_cursor: string | null;

  static from(page: Page<ListedPrice>): PriceListResponse {
    return {
      prices: page.items.map((price) => PriceResponse.from(price)),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    };
  }
}
