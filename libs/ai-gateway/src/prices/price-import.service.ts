import { Database, type Principal } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type PackagePrices, readPackagePrices } from './genai-prices';
import { PriceChangesRepository } from './persistence/price-changes.repository';
import { PricesRepository } from './persistence/prices.repository';
import { DEFAULT_TIER, type StoredPrice } from './price';
import { requirePriceAdmin } from './price.errors';
import { type ImportStep, planImport } from './price-import';
import { type ChangeOptions, PricesService } from './prices.service';
import { ReRatingsService } from './re-ratings.service';

export interface ImportResult extends Pick<PackagePrices, 'skipped' | 'notFound'> {
  isDryRun: boolean;
  steps: ImportStep[];
  reRatingId: number | null;
}

/** Takes prices over from the package `@pydantic/genai-prices`. */
@Injectable()
export class PriceImportService {
  constructor(
    private readonly database: Database,
    private readonly prices: PricesRepository,
    private readonly changes: PriceChangesRepository,
    private readonly pricesService: PricesService,
    private readonly reRatings: ReRatingsService,
  ) {}

  /** All of it or nothing, with one re-rating for everything that has changed. @param models see `readPackagePrices` */
  async run(
    principal: Principal,
    models: readonly string[] | undefined,
    isDryRun: boolean,
    options: ChangeOptions,
  ): Promise<ImportResult> {
    requirePriceAdmin(principal);
    const { prices, skipped, notFound } = readPackagePrices(models);
    if (isDryRun) {
      const steps = planImport(prices, await this.prices.ofProvider('openai'));
      return { isDryRun, steps, skipped, notFound, reRatingId: null };
    }
    const { steps, reRatingId } = await this.database.transaction(async () => {
      await this.prices.lockForChange();
      const planned = planImport(prices, await this.prices.ofProvider('openai'));
      return { steps: planned, reRatingId: await this.carryOut(principal, planned, options) };
    });
    this.reRatings.announce(reRatingId);
    return { isDryRun, steps, skipped, notFound, reRatingId };
  }

  private async carryOut(
    principal: Principal,
    steps: readonly ImportStep[],
    { isRerated, reason }: ChangeOptions,
  ): Promise<number | null> {
    const done: { before: StoredPrice | null; after: StoredPrice }[] = [];
    for (const { action, current, imported } of steps) {
      if (action === 'kept') continue;
      const { effectiveFrom, amounts, model } = imported;
      const row = { ...amounts, effectiveFrom, source: 'import:genai-prices' as const };
      const key = { provider: 'openai' as const, model, serviceTier: DEFAULT_TIER };
      done.push(
        action === 'changed'
          ? { before: current, after: await this.prices.update(current!.id, row) }
          : { before: null, after: await this.prices.insert({ ...row, ...key, createdBy: principal.userId }) },
      );
    }
    // Only now: where a price ends depends on those that came with it.
    const scopes = [];
    if (isRerated) for (const { before, after } of done) scopes.push(await this.pricesService.scopeOf(before, after));
    const reRatingId = await this.reRatings.order(principal, 'imported', reason, scopes);
    for (const { before, after } of done) {
      const kind = before === null ? 'created' : 'changed';
      await this.changes.record({ priceId: after.id, kind, before, after, reason, changedBy: principal.userId, reRatingId });
    } // prettier-ignore
    return reRatingId;
  }
}
