import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { AMOUNT_NAMES, type Price, type PriceAmounts, type PriceKey, type StoredPrice } from '../price';

export interface PriceFilter {
  limit: number;
  /** Only ids below it. */
  beforeId?: number;
  provider?: string;
  model?: string;
  serviceTier?: string;
  /** Only what is in force then. */
  at?: Date;
}

/** With the date from which a later price of the same key takes its place. */
export interface ListedPrice extends StoredPrice {
  effectiveTo: Date | null;
}

export type NewPrice = PriceKey &
  PriceAmounts &
  Pick<StoredPrice, 'effectiveFrom' | 'source'> & { createdBy: number | null };

/** `numeric` arrives as a text; these values are small, and exact in six decimals. */
const COLUMNS = `p.id, p.provider, p.model, p.service_tier AS "serviceTier", p.effective_from AS "effectiveFrom",
  p.input_usd_per_mtok::float8 AS "inputUsdPerMtok", p.cached_input_usd_per_mtok::float8 AS "cachedInputUsdPerMtok",
  p.cache_write_usd_per_mtok::float8 AS "cacheWriteUsdPerMtok", p.output_usd_per_mtok::float8 AS "outputUsdPerMtok",
  p.reasoning_usd_per_mtok::float8 AS "reasoningUsdPerMtok", p.long_context_over_tokens AS "longContextOverTokens",
  p.long_context_input_factor::float8 AS "longContextInputFactor", p.long_context_output_factor::float8 AS "longContextOutputFactor",
  p.source, p.created_by AS "createdBy", p.created_at AS "createdAt", p.updated_at AS "updatedAt", p.deleted_at AS "deletedAt"`;

const IS_LATER = `n.deleted_at IS NULL AND n.provider = p.provider AND n.model = p.model AND n.service_tier = p.service_tier
  AND n.effective_from > p.effective_from`;

const EFFECTIVE_TO = `(SELECT min(n.effective_from) FROM prices n WHERE ${IS_LATER}) AS "effectiveTo"`;

/** A few rows per model; they are never removed, because calls were rated with them. */
@Injectable()
export class PricesRepository {
  constructor(private readonly database: Database) {}

  /** All that are not deleted. */
  async all(): Promise<Price[]> {
    return this.database.query<StoredPrice>(`SELECT ${COLUMNS} FROM prices p WHERE p.deleted_at IS NULL`);
  }

  /** Changes of prices come one after the other, so that each sees the ones before it. Until the transaction ends. */
  async lockForChange(): Promise<void> {
    await this.database.query(`SELECT pg_advisory_xact_lock(hashtext('parley.prices'))`);
  }

  /** The newest rows first; deleted ones are left out. */
  async list(filter: PriceFilter): Promise<ListedPrice[]> {
    return this.database.query<ListedPrice>(
      `SELECT ${COLUMNS}, ${EFFECTIVE_TO} FROM prices p
       WHERE p.deleted_at IS NULL AND ($1::bigint IS NULL OR p.id < $1) AND ($2::text IS NULL OR p.provider = $2)
         AND ($3::text IS NULL OR p.model = $3) AND ($4::text IS NULL OR p.service_tier = $4)
         AND ($5::timestamptz IS NULL OR (p.effective_from <= $5 AND NOT EXISTS (
           SELECT 1 FROM prices n WHERE ${IS_LATER} AND n.effective_from <= $5)))
       ORDER BY p.id DESC LIMIT $6`,
      [
        filter.beforeId ?? null,
        filter.provider ?? null,
        filter.model ?? null,
        filter.serviceTier ?? null,
        filter.at ?? null,
        filter.limit,
      ],
    );
  }

  /** Deleted ones too. */
  async find(id: number): Promise<ListedPrice | undefined> {
    const [price] = await this.database.query<ListedPrice>(
      `SELECT ${COLUMNS}, ${EFFECTIVE_TO} FROM prices p WHERE p.id = $1`,
      [id],
    );
    return price;
  }

  /** All rows of a provider that are not deleted, with where they come from. */
  async ofProvider(provider: string): Promise<StoredPrice[]> {
    return this.database.query<StoredPrice>(
      `SELECT ${COLUMNS} FROM prices p WHERE p.deleted_at IS NULL AND p.provider = $1 ORDER BY p.effective_from`,
      [provider],
    );
  }

  /** @throws a violation of `prices_model_tier_from_key` when there is one with this key and date */
  async insert(price: NewPrice): Promise<StoredPrice> {
    const [made] = await this.database.query<StoredPrice>(
      `INSERT INTO prices AS p (provider, model, service_tier, effective_from, source, created_by, input_usd_per_mtok, cached_input_usd_per_mtok,
         cache_write_usd_per_mtok, output_usd_per_mtok, reasoning_usd_per_mtok, long_context_over_tokens, long_context_input_factor,
         long_context_output_factor)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING ${COLUMNS}`,
      [
        price.provider,
        price.model,
        price.serviceTier,
        price.effectiveFrom,
        price.source,
        price.createdBy,
        ...AMOUNT_NAMES.map((name) => price[name]),
      ],
    );
    return made!;
  }

  /** @throws as `insert` */
  async update(id: number, change: PriceAmounts & Pick<StoredPrice, 'effectiveFrom' | 'source'>): Promise<StoredPrice> {
    const [changed] = await this.database.query<StoredPrice>(
      `UPDATE prices p SET effective_from = $2, source = $3, input_usd_per_mtok = $4, cached_input_usd_per_mtok = $5,
         cache_write_usd_per_mtok = $6, output_usd_per_mtok = $7, reasoning_usd_per_mtok = $8, long_context_over_tokens = $9,
         long_context_input_factor = $10, long_context_output_factor = $11, updated_at = now()
       WHERE p.id = $1 RETURNING ${COLUMNS}`,
      [id, change.effectiveFrom, change.source, ...AMOUNT_NAMES.map((name) => change[name])],
    );
    return changed!;
  }

  async markDeleted(id: number): Promise<StoredPrice> {
    const [gone] = await this.database.query<StoredPrice>(
      `UPDATE prices p SET deleted_at = now(), updated_at = now() WHERE p.id = $1 RETURNING ${COLUMNS}`,
      [id],
    );
    return gone!;
  }

  /** When the first price of the same key after a date begins; null when there is none. */
  async nextFrom({ provider, model, serviceTier }: PriceKey, after: Date): Promise<Date | null> {
    const [row] = await this.database.query<{ from: Date | null }>(
      `SELECT min(effective_from) AS "from" FROM prices
       WHERE deleted_at IS NULL AND provider = $1 AND model = $2 AND service_tier = $3 AND effective_from > $4`,
      [provider, model, serviceTier, after],
    );
    return row!.from;
  }
}
