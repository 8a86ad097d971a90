import type { ImportStep } from '../price-import';
import type { ImportResult } from '../price-import.service';
import { PriceAmountsResponse } from './price.response';

/** What becomes of one price of the package. */
export class ImportedPriceResponse {
  /** @example gpt-5.6-luna */
  model: string;

  /** The package knows the default tier only.
   * @example default */
  service_tier: string;

  /** From when on the package has it; 2020-01-01 for a model's first price.
   * @example 2026-07-30T00:00:00.000Z */
  effective_from: string;

  /** @example added */
  action: 'added' | 'changed' | 'kept';

  /** Why it is kept.
   * @example null */
  reason: string | null;

  /** The price here at that date, before the import; null: there is none. */
  current: PriceAmountsResponse | null;

  /** The price of the package. */
  imported: PriceAmountsResponse;

  /** What the package also has a price for and Parley does not bill.
   * @example ["web_searches_kcount"] */
  units_not_billed: string[];

  static from({ action, reason, current, imported }: ImportStep): ImportedPriceResponse {
    return {
      model: imported.model,
      service_tier: 'default',
      effective_from: imported.effectiveFrom.toISOString(),
      action,
      reason,
      current: current && PriceAmountsResponse.of(current),
      imported: PriceAmountsResponse.of(imported.amounts),
      units_not_billed: imported.unitsNotBilled,
    };
  }
}

/** A model whose price the table here cannot express. */
export class SkippedModelResponse {
  /** @example whisper-1 */
  model: string;

  /** @example "it has no price per token of input and output" */
  reason: string;
}

export class PriceImportResponse {
  /** True: nothing was changed.
   * @example true */
  is_dry_run: boolean;

  /** @example 12 */
  added: number;

  /** @example 1 */
  changed: number;

  /** @example 3 */
  kept: number;

  prices: ImportedPriceResponse[];

  skipped: SkippedModelResponse[];

  /** Models that you asked for and the package does not know.
   * @example ["gpt-6.1-sol"] */
  not_found: string[];

  /** The re-rating that the import has started; null: none.
   * @example null */
  re_rating_id: number | null;

  static from({ isDryRun, steps, skipped, notFound, reRatingId }: ImportResult): PriceImportResponse {
    const count = (action: ImportStep['action']): number => steps.filter((step) => step.action === action).length;
    return {
      is_dry_run: isDryRun,
      added: count('added'),
      changed: count('changed'),
      kept: count('kept'),
      prices: steps.map((step) => ImportedPriceResponse.from(step)),
      skipped,
      not_found: notFound,
      re_rating_id: reRatingId,
    };
  }
}
