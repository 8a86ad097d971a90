import { Injectable } from '@nestjs/common';
import type { PriceEntity } from './persistence/price.entity';
import { PricesRepository } from './persistence/prices.repository';
import { costUsdMicros, withoutSnapshotDate } from './pricing';
import type { CompletionUsage, ProviderDescription } from './provider';

/** A changed price counts in every process after this time. */
const CACHE_MS = 60_000;

export interface Rating {
  costUsdMicros: number | null;
  priceId: number | null;
}

const UNPRICED: Rating = { costUsdMicros: null, priceId: null };

/** Rates calls with the price in force when they ran. Unknown is null, never 0. */
@Injectable()
export class PriceBook {
  private cached: { at: number; prices: Promise<PriceEntity[]> } | undefined;

  constructor(private readonly prices: PricesRepository) {}

  async rate(
    provider: ProviderDescription['provider'],
    models: readonly string[],
    usage: CompletionUsage,
    ranAt: Date,
  ): Promise<Rating> {
    if (provider === 'simulator') return { costUsdMicros: 0, priceId: null };
    // The price list is OpenAI's; what another server charges is not known here.
    if (provider !== 'openai') return UNPRICED;
    const price = await this.find(provider, models, ranAt);
    if (price === undefined) return UNPRICED;
    const cost = costUsdMicros(usage, price);
    return cost === null ? UNPRICED : { costUsdMicros: cost, priceId: price.id };
  }

  private async find(provider: string, models: readonly string[], ranAt: Date): Promise<PriceEntity | undefined> {
    const prices = await this.load();
    for (const model of models.flatMap((name) => [name, withoutSnapshotDate(name)])) {
      const price = prices.find(
        (row) => row.provider === provider && row.model === model && row.effectiveFrom <= ranAt,
      );
      if (price !== undefined) return price;
    }
    return undefined;
  }

  private load(): Promise<PriceEntity[]> {
    if (this.cached === undefined || performance.now() - this.cached.at > CACHE_MS) {
      const prices = this.prices.all();
      this.cached = { at: performance.now(), prices };
      prices.catch(() => (this.cached = undefined));
    }
    return this.cached.prices;
  }
}
