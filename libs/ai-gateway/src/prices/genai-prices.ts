import { findProvider, type MatchLogic, type ModelInfo, type ModelPrice, TieredPrices } from '@pydantic/genai-prices';
import type { PriceAmounts } from './price';

/** The package says since when only of prices that were changed; the first one of a model holds from before its first call. */
export const SINCE_EVER = new Date('2020-01-01T00:00:00.000Z');

/** A price as the package knows it. */
export interface PackagePrice {
  model: string;
  effectiveFrom: Date;
  amounts: PriceAmounts;
  /** What it also has a price for and Parley does not bill, such as `web_searches_kcount`. */
  unitsNotBilled: string[];
}

export interface PackagePrices {
  prices: PackagePrice[];
  /** What the table here cannot express. */
  skipped: { model: string; reason: string }[];
  /** Names that the package does not know. */
  notFound: string[];
}

const BILLED_UNITS = new Set(['input_mtok', 'cache_read_mtok', 'cache_write_mtok', 'output_mtok']);

/**
 * OpenAI's prices as `@pydantic/genai-prices` bundles them; nothing is fetched. It knows the default service tier only.
 * @param models names of models; a name that the package files under another one gets that one's prices. None: all models that it lists.
 */
export function readPackagePrices(models?: readonly string[]): PackagePrices {
  const known = findProvider({ providerId: 'openai' })?.models ?? [];
  const wanted: [string, ModelInfo | undefined][] =
    models === undefined
      ? known.map((model) => [model.id, model])
      : [...new Set(models)].map((name) => [name, modelNamed(known, name)]);
  const result: PackagePrices = { prices: [], skipped: [], notFound: [] };
  for (const [name, model] of wanted) {
    if (model === undefined) result.notFound.push(name);
    else readModel(name, model, result);
  }
  return result;
}

function readModel(name: string, { prices }: ModelInfo, result: PackagePrices): void {
  for (const { constraint, prices: amounts } of Array.isArray(prices) ? prices : [{ prices }]) {
    const read = constraint?.type === 'time_of_date' ? 'its price depends on the time of day' : amountsIn(amounts);
    if (typeof read === 'string') {
      result.skipped.push({ model: name, reason: read });
      continue;
    }
    const since = constraint?.type === 'start_date' ? new Date(`${constraint.start_date}T00:00:00.000Z`) : SINCE_EVER;
    result.prices.push({
      model: name,
      effectiveFrom: since,
      amounts: read,
      unitsNotBilled: Object.keys(amounts).filter((unit) => !BILLED_UNITS.has(unit)),
    });
  }
}

/** The amounts, or why they cannot be taken over. */
function amountsIn(prices: ModelPrice): PriceAmounts | string {
  const [input, output] = [prices.input_mtok, prices.output_mtok];
  if (input === undefined || output === undefined) return 'it has no price per token of input and output';
  const cached = prices.cache_read_mtok;
  const cacheWrite = prices.cache_write_mtok;
  const inputs = [input, cached, cacheWrite].filter((price) => price !== undefined);
  const starts = new Set([...inputs, output].flatMap(startsOf));
  if (starts.size > 1) return 'it has more than one step for long contexts';
  const [start] = starts;
  const inputFactors = new Set(inputs.map(factorOf));
  if (start !== undefined && inputFactors.size > 1) return 'its kinds of input become dearer by different factors';
  return {
    inputUsdPerMtok: baseOf(input),
    cachedInputUsdPerMtok: cached === undefined ? null : baseOf(cached),
    cacheWriteUsdPerMtok: cacheWrite === undefined ? null : baseOf(cacheWrite),
    outputUsdPerMtok: baseOf(output),
    reasoningUsdPerMtok: null,
    longContextOverTokens: start ?? null,
    longContextInputFactor: start === undefined ? null : factorOf(input),
    longContextOutputFactor: start === undefined ? null : factorOf(output),
  };
}

type AmountOrTiers = number | TieredPrices;

const baseOf = (price: AmountOrTiers): number => (typeof price === 'number' ? price : price.base);

const startsOf = (price: AmountOrTiers): number[] =>
  typeof price === 'number' ? [] : price.tiers.map(({ start }) => start);

/** How much dearer it becomes, to three decimals as they are stored. */
function factorOf(price: AmountOrTiers): number {
  const tier = typeof price === 'number' ? undefined : price.tiers[0];
  const base = baseOf(price);
  return tier === undefined || base === 0 ? 1 : Math.round((tier.price / base) * 1000) / 1000;
}

function modelNamed(known: readonly ModelInfo[], name: string): ModelInfo | undefined {
  return known.find(({ id }) => id === name) ?? known.find(({ match }) => isMatch(match, name));
}

function isMatch(match: MatchLogic, name: string): boolean {
  if ('or' in match) return match.or.some((one) => isMatch(one, name));
  if ('and' in match) return match.and.every((one) => isMatch(one, name));
  if ('equals' in match) return name === match.equals;
  if ('starts_with' in match) return name.startsWith(match.starts_with);
  if ('ends_with' in match) return name.endsWith(match.ends_with);
  if ('contains' in match) return name.includes(match.contains);
  return new RegExp(match.regex).test(name);
}
