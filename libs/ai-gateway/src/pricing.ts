import type { PriceEntity } from './persistence/price.entity';
import type { CompletionUsage } from './provider';

export type Price = Pick<
  PriceEntity,
  | 'inputUsdPerMtok'
  | 'cachedInputUsdPerMtok'
  | 'cacheWriteUsdPerMtok'
  | 'outputUsdPerMtok'
  | 'longContextOverTokens'
  | 'longContextInputFactor'
  | 'longContextOutputFactor'
>;

/**
 * Cost of a call in millionths of a dollar (USD per million tokens × tokens = micro-dollars), or null when the usage is unknown.
 * Cached and cache-write tokens are parts of the input and have prices of their own; without one they count as plain input.
 */
export function costUsdMicros(usage: CompletionUsage, price: Price): number | null {
  if (usage.inputTokens === null || usage.outputTokens === null) return null;
  const cached = usage.cachedTokens ?? 0;
  const written = usage.cacheWriteTokens ?? 0;
  const plain = Math.max(0, usage.inputTokens - cached - written);
  const isLong = price.longContextOverTokens !== null && usage.inputTokens > price.longContextOverTokens;
  const inputFactor = isLong ? (price.longContextInputFactor ?? 1) : 1;
  const outputFactor = isLong ? (price.longContextOutputFactor ?? 1) : 1;
  const input =
    plain * price.inputUsdPerMtok +
    cached * (price.cachedInputUsdPerMtok ?? price.inputUsdPerMtok) +
    written * (price.cacheWriteUsdPerMtok ?? price.inputUsdPerMtok);
  return Math.round(input * inputFactor + usage.outputTokens * price.outputUsdPerMtok * outputFactor);
}

/** `gpt-6-luna-2026-05-12` is a snapshot of `gpt-6-luna` and costs the same. */
export const withoutSnapshotDate = (model: string): string => model.replace(/-\d{4}-\d{2}-\d{2}$/, '');
