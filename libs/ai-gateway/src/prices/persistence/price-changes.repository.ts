import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { AMOUNT_NAMES, type PriceAmounts, type PriceKey, type PriceSource, type StoredPrice } from '../price';

/** A price as it was at a change. */
export type PriceState = PriceKey & PriceAmounts & { effectiveFrom: string; source: PriceSource };

export interface NewPriceChange {
  priceId: number;
  kind: 'created' | 'changed' | 'deleted';
  before: StoredPrice | null;
  after: StoredPrice | null;
  reason: string | null;
  changedBy: number;
  reRatingId: number | null;
}

export interface PriceChange {
  id: number;
  priceId: number;
  kind: NewPriceChange['kind'];
  before: PriceState | null;
  after: PriceState | null;
  reason: string | null;
  changedBy: number | null;
  reRatingId: number | null;
  createdAt: Date;
}

const COLUMNS = `id, price_id AS "priceId", kind, before, after, reason, changed_by AS "changedBy", re_rating_id AS "reRatingId",
  created_at AS "createdAt"`;

const MAX_SHOWN = 200;

/** Who changed which price, when, why, and from what to what. Only ever added to. */
@Injectable()
export class PriceChangesRepository {
  constructor(private readonly database: Database) {}

  async record(change: NewPriceChange): Promise<void> {
    await this.database.query(
      `INSERT INTO price_changes (price_id, kind, before, after, reason, changed_by, re_rating_id) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [
        change.priceId,
        change.kind,
        stateOf(change.before),
        stateOf(change.after),
        change.reason,
        change.changedBy,
        change.reRatingId,
      ],
    );
  }

  /** The newest 200, the newest first. */
  async ofPrice(priceId: number): Promise<PriceChange[]> {
    return this.database.query<PriceChange>(
      `SELECT ${COLUMNS} FROM price_changes WHERE price_id = $1 ORDER BY id DESC LIMIT ${MAX_SHOWN}`,
      [priceId],
    );
  }

  /** What started these re-ratings; at most 200 of each. */
  async ofReRatings(ids: readonly number[]): Promise<PriceChange[]> {
    return this.database.query<PriceChange>(
      `SELECT found.* FROM unnest($1::bigint[]) AS asked (id)
       CROSS JOIN LATERAL (SELECT ${COLUMNS} FROM price_changes WHERE re_rating_id = asked.id ORDER BY price_changes.id LIMIT ${MAX_SHOWN}) found`,
      [ids],
    );
  }
}

function stateOf(price: StoredPrice | null): string | null {
  if (price === null) return null;
  const { provider, model, serviceTier, effectiveFrom, source } = price;
  const amounts = Object.fromEntries(AMOUNT_NAMES.map((name) => [name, price[name]])) as unknown as PriceAmounts;
  const state: PriceState = {
    provider,
    model,
    serviceTier,
    effectiveFrom: effectiveFrom.toISOString(),
    source,
    ...amounts,
  };
  return JSON.stringify(state);
}
