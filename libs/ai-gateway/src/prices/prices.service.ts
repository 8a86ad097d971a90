import { badInput } from '@app/kernel';
import { Database, decodeCursor, isUniqueViolation, type Page, type Principal, toPage } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { type PriceChange, PriceChangesRepository } from './persistence/price-changes.repository';
import { type ListedPrice, type PriceFilter, PricesRepository } from './persistence/prices.repository';
import { hasSameAmounts, type PriceAmounts, type PriceKey, type StoredPrice } from './price';
import { priceDeleted, priceExists, priceNotFound, requirePriceAdmin } from './price.errors';
import type { ReRatingScope } from './re-rating';
import { ReRatingsService } from './re-ratings.service';

/** How a change is to be made. */
export interface ChangeOptions {
  /** Whether calls that the change concerns get their new cost; else they keep the old one. */
  isRerated: boolean;
  reason: string | null;
}

export interface ChangedPrice {
  price: ListedPrice;
  /** The re-rating that the change has started; null: none. */
  reRatingId: number | null;
}

export type PriceDetails = ListedPrice & { changes: PriceChange[] };

/** The price table: everybody may look, instance admins may change it. Every change is written down, and by default rates calls again. */
@Injectable()
export class PricesService {
  constructor(
    private readonly database: Database,
    private readonly prices: PricesRepository,
    private readonly changes: PriceChangesRepository,
    private readonly reRatings: ReRatingsService,
  ) {}

  /** The newest rows first. */
  async list(filter: Omit<PriceFilter, 'beforeId'> & { cursor?: string }): Promise<Page<ListedPrice>> {
    const { cursor, limit, ...rest } = filter;
    const beforeId = cursor === undefined ? undefined : decodeCursor(cursor);
    return toPage(await this.prices.list({ ...rest, beforeId, limit: limit + 1 }), limit, ({ id }) => id);
  }

  /** Deleted ones too: calls were rated with them. */
  async get(id: number): Promise<PriceDetails> {
    return { ...(await this.find(id)), changes: await this.changes.ofPrice(id) };
  }

  /** @throws 409 PRICE.EXISTS */
  async create(
    principal: Principal,
    price: PriceKey & PriceAmounts & { effectiveFrom: Date },
    options: ChangeOptions,
  ): Promise<ChangedPrice> {
    requirePriceAdmin(principal);
    checkLongContext(price);
    return this.changing(principal, options, async () => ({
      before: null,
      after: await this.prices.insert({ ...price, source: 'admin', createdBy: principal.userId }),
    }));
  }

  /** @throws 404; 409 PRICE.EXISTS and PRICE.DELETED */
  async change(
    principal: Principal,
    id: number,
    change: Partial<PriceAmounts & { effectiveFrom: Date }>,
    options: ChangeOptions,
  ): Promise<ChangedPrice> {
    requirePriceAdmin(principal);
    return this.changing(principal, options, async () => {
      const before = await this.findUsable(id);
      const wanted = { ...before, ...given(change) };
      checkLongContext(wanted);
      return { before, after: await this.prices.update(id, { ...wanted, source: 'admin' }) };
    });
  }

  /** The row stays for the calls that were rated with it. @throws 404; 409 PRICE.DELETED */
  async delete(principal: Principal, id: number, options: ChangeOptions): Promise<ChangedPrice> {
    requirePriceAdmin(principal);
    return this.changing(principal, options, async () => {
      const before = await this.findUsable(id);
      await this.prices.markDeleted(id);
      return { before, after: null };
    });
  }

  private async changing(
    principal: Principal,
    { isRerated, reason }: ChangeOptions,
    change: () => Promise<{ before: StoredPrice | null; after: StoredPrice | null }>,
  ): Promise<ChangedPrice> {
    const changed = await this.database.transaction(async () => {
      await this.prices.lockForChange();
      const { before, after } = await change().catch((error: unknown) => {
        throw isUniqueViolation(error, 'prices_model_tier_from_key') ? priceExists() : error;
      });
      const kind = before === null ? 'created' : after === null ? 'deleted' : 'changed';
      const isEffective = before === null || after === null || isDifferent(before, after);
      const scopes = isRerated && isEffective ? [await this.scopeOf(before, after)] : [];
      const reRatingId = await this.reRatings.order(principal, kind, reason, scopes);
      const priceId = (after ?? before)!.id;
      await this.changes.record({ priceId, kind, before, after, reason, changedBy: principal.userId, reRatingId });
      return { price: await this.find(priceId), reRatingId };
    });
    this.reRatings.announce(changed.reRatingId);
    return changed;
  }

  /** Calls of the model, in whatever tier: a model's first price decides under which name all its calls are looked up. */
  async scopeOf(before: StoredPrice | null, after: StoredPrice | null): Promise<ReRatingScope> {
    const dates = [before, after].flatMap((price) => (price === null ? [] : [price.effectiveFrom.getTime()]));
    const key = (after ?? before)!;
    const to = await this.prices.nextFrom(key, new Date(Math.max(...dates)));
    return {
      provider: key.provider,
      model: key.model,
      from: new Date(Math.min(...dates)).toISOString(),
      to: to?.toISOString() ?? null,
    };
  }

  private async find(id: number): Promise<ListedPrice> {
    const price = await this.prices.find(id);
    if (price === undefined) throw priceNotFound(id);
    return price;
  }

  private async findUsable(id: number): Promise<ListedPrice> {
    const price = await this.find(id);
    if (price.deletedAt !== null) throw priceDeleted(id);
    return price;
  }
}

const isDifferent = (before: StoredPrice, after: StoredPrice): boolean =>
  before.effectiveFrom.getTime() !== after.effectiveFrom.getTime() || !hasSameAmounts(before, after);

const given = <T extends object>(change: T): Partial<T> =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<T>;

function checkLongContext(price: PriceAmounts): void {
  const hasFactor = price.longContextInputFactor !== null || price.longContextOutputFactor !== null;
  if (price.longContextOverTokens === null && hasFactor) {
    throw badInput('long_context_over_tokens', 'is needed with a factor for long contexts.');
  }
  if (price.longContextOverTokens !== null && !hasFactor) {
    throw badInput('long_context_over_tokens', 'needs long_context_input_factor, long_context_output_factor or both.');
  }
}
