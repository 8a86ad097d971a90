/** Whose price list a row belongs to. `compatible` is whatever server `OPENAI_BASE_URL` names. The simulator costs nothing, always. */
export const PRICED_PROVIDERS = ['openai', 'compatible'] as const;
export type PricedProvider = (typeof PRICED_PROVIDERS)[number];

/** `seed`: came with Parley. `admin`: set by an instance admin; no import touches it. */
export type PriceSource = 'seed' | 'admin' | 'import:genai-prices';

/** What a model charges, in US dollars per million tokens. */
export interface PriceAmounts {
  inputUsdPerMtok: number;
  /** Null: cached input costs as much as other input. */
  cachedInputUsdPerMtok: number | null;
  /** Null: what is written into the upstream's cache costs as much as other input. */
  cacheWriteUsdPerMtok: number | null;
  outputUsdPerMtok: number;
  /** Null: reasoning tokens, which are part of the output, cost as much as the rest of it. */
  reasoningUsdPerMtok: number | null;
  /** Above this many input tokens the factors apply to the whole call; null: never. */
  longContextOverTokens: number | null;
  longContextInputFactor: number | null;
  longContextOutputFactor: number | null;
}

/** What a price is for. Together with `effectiveFrom` there is one such row at most. */
export interface PriceKey {
  provider: PricedProvider;
  model: string;
  /** As the upstream names it; `default` for calls in no tier of their own. */
  serviceTier: string;
}

/** It holds from a date on, until the next row with the same key. */
export interface Price extends PriceKey, PriceAmounts {
  id: number;
  effectiveFrom: Date;
}

export interface StoredPrice extends Price {
  source: PriceSource;
  createdBy: number | null;
  createdAt: Date;
  updatedAt: Date;
  deletedAt: Date | null;
}

export const DEFAULT_TIER = 'default';

/** The names of {@link PriceAmounts}, for comparing and copying. */
export const AMOUNT_NAMES = [
  'inputUsdPerMtok',
  'cachedInputUsdPerMtok',
  'cacheWriteUsdPerMtok',
  'outputUsdPerMtok',
  'reasoningUsdPerMtok',
  'longContextOverTokens',
  'longContextInputFactor',
  'longContextOutputFactor',
] as const satisfies readonly (keyof PriceAmounts)[];

export const hasSameAmounts = (one: PriceAmounts, other: PriceAmounts): boolean =>
  AMOUNT_NAMES.every((name) => one[name] === other[name]);
