import type { CompletionUsage } from '../provider';
import type { PriceAmounts } from './price';

/**
 * Cost of a call in millionths of a dollar (USD per million tokens × tokens = micro-dollars), or null when the usage is unknown.
 * Cached and cache-write tokens are parts of the input, reasoning tokens of the output; without prices of their own they cost as the rest.
 * Rounded to the nearest micro-dollar: at most half a dollar is lost or won in a million calls (docs/costs.md).
 */
export function costUsdMicros(usage: CompletionUsage, price: PriceAmounts): number | null {
  const cost = exactCostUsdMicros(usage, price);
  return cost === null ? null : Math.round(cost);
}

/** The same before it is rounded. */
export function exactCostUsdMicros(usage: CompletionUsage, price: PriceAmounts): number | null {
  if (usage.inputTokens === null || usage.outputTokens === null) return null;
  const cached = usage.cachedTokens ?? 0;
  const written = usage.cacheWriteTokens ?? 0;
  const plain = Math.max(0, usage.inputTokens - cached - written);
  // A server that reports more reasoning than output counts it beside the output; the output is what it bills.
  const reasoning = Math.min(usage.reasoningTokens ?? 0, usage.outputTokens);
  const isLong = price.longContextOverTokens !== null && usage.inputTokens > price.longContextOverTokens;
  const inputFactor = isLong ? (price.longContextInputFactor ?? 1) : 1;
  const outputFactor = isLong ? (price.longContextOutputFactor ?? 1) : 1;
  const input =
    plain * price.inputUsdPerMtok +
    cached * (price.cachedInputUsdPerMtok ?? price.inputUsdPerMtok) +
    written * (price.cacheWriteUsdPerMtok ?? price.inputUsdPerMtok);
  const output =
    (usage.outputTokens - reasoning) * price.outputUsdPerMtok +
    reasoning * (price.reasoningUsdPerMtok ?? price.outputUsdPerMtok);
  return input * inputFactor + output * outputFactor;
}

/** `gpt-6-luna-2026-05-12` is a snapshot of `gpt-6-luna` and costs the same, unless it has a price of its own. */
export const withoutSnapshotDate = (model: string): string => model.replace(/-\d{4}-\d{2}-\d{2}$/, '');
