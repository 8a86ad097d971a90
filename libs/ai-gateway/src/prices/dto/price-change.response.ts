import type { PriceChange, PriceState } from '../persistence/price-changes.repository';
import type { PricedProvider, PriceSource } from '../price';

/** A price as it was at a change; US dollars per million tokens. */
export class PriceStateResponse {
  /** @example openai */
  provider: PricedProvider;

  /** @example gpt-6-luna */
  model: string;

  /** @example default */
  service_tier: string;

  /** @example 2026-11-01T00:00:00.000Z */
  effective_from: string;

  /** @example seed */
  source: PriceSource;

  /** @example 0.1 */
  input_usd_per_mtok: number;

  /** @example 0.01 */
  cached_input_usd_per_mtok: number | null;

  /** @example 0.125 */
  cache_write_usd_per_mtok: number | null;

  /** @example 0.5 */
  output_usd_per_mtok: number;

  /** @example null */
  reasoning_usd_per_mtok: number | null;

  /** @example 272000 */
  long_context_over_tokens: number | null;

  /** @example 2 */
  long_context_input_factor: number | null;

  /** @example 1.5 */
  long_context_output_factor: number | null;

  static from(state: PriceState): PriceStateResponse {
    return {
      provider: state.provider,
      model: state.model,
      service_tier: state.serviceTier,
      effective_from: state.effectiveFrom,
      source: state.source,
      input_usd_per_mtok: state.inputUsdPerMtok,
      cached_input_usd_per_mtok: state.cachedInputUsdPerMtok,
      cache_write_usd_per_mtok: state.cacheWriteUsdPerMtok,
      output_usd_per_mtok: state.outputUsdPerMtok,
      reasoning_usd_per_mtok: state.reasoningUsdPerMtok,
      long_context_over_tokens: state.longContextOverTokens,
      long_context_input_factor: state.longContextInputFactor,
      long_context_output_factor: state.longContextOutputFactor,
    };
  }
}

/** Who changed a price, when, why, and from what to what. */
export class PriceChangeResponse {
  /** @example 42 */
  price_id: number;

  /** @example changed */
  kind: 'created' | 'changed' | 'deleted';

  /** Null when it was made. */
  before: PriceStateResponse | null;

  /** Null when it was deleted. */
  after: PriceStateResponse | null;

  /** @example "OpenAI lowered the price on 1 November." */
  reason: string | null;

  /** The user who did it; null when that account is gone.
   * @example 1 */
  changed_by: number | null;

  /** @example 7 */
  re_rating_id: number | null;

  /** @example 2026-11-21T12:00:00.000Z */
  created_at: string;

  static from(change: PriceChange): PriceChangeResponse {
    return {
      price_id: change.priceId,
      kind: change.kind,
      before: change.before && PriceStateResponse.from(change.before),
      after: change.after && PriceStateResponse.from(change.after),
      reason: change.reason,
      changed_by: change.changedBy,
      re_rating_id: change.reRatingId,
      created_at: change.createdAt.toISOString(),
    };
  }
}
