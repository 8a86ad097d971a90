import type { CompletionUsage } from '../provider';
import { DEFAULT_TIER, type Price } from './price';
import { costUsdMicros, withoutSnapshotDate } from './pricing';

/** What decides the cost of a call. */
export interface CallToRate {
  provider: string;
  /** As the upstream named it; null when it did not. */
  model: string | null;
  modelRequested: string;
  /** As the upstream reported it; null when it did not. */
  serviceTier: string | null;
  usage: CompletionUsage;
  startedAt: Date;
}

export interface Rating {
  /** Millionths of a dollar; null when no price or no usage is known, never 0 then. */
  costUsdMicros: number | null;
  priceId: number | null;
}

const UNPRICED: Rating = { costUsdMicros: null, priceId: null };

/** All prices at one moment. The only place where a call is rated: live, and when history is rated again. */
export class PriceList {
  /** By provider and model; in each the newest first. */
  private readonly byModel = new Map<string, Price[]>();

  constructor(prices: readonly Price[]) {
    for (const price of prices) {
      const key = keyOf(price.provider, price.model);
      const rows = this.byModel.get(key);
      if (rows === undefined) this.byModel.set(key, [price]);
      else rows.push(price);
    }
    for (const rows of this.byModel.values()) {
      rows.sort((a, b) => b.effectiveFrom.getTime() - a.effectiveFrom.getTime());
    }
  }

  rate(call: CallToRate): Rating {
    if (call.provider === 'simulator') return { costUsdMicros: 0, priceId: null };
    const price = this.find(call);
    const cost = price === undefined ? null : costUsdMicros(call.usage, price);
    return price === undefined || cost === null ? UNPRICED : { costUsdMicros: cost, priceId: price.id };
  }

  /**
   * The price in force when the call started. The first name with any price then decides; a tier without a price there is unpriced: OpenAI
   * bills by the tier that the response names, at about half the default price for `flex` and twice for `priority`, so any guess is wrong.
   */
  private find({ provider, model, modelRequested, serviceTier, startedAt }: CallToRate): Price | undefined {
    const tier = tierOf(serviceTier);
    for (const name of namesToPrice(model, modelRequested)) {
      const inForce = (this.byModel.get(keyOf(provider, name)) ?? []).filter((row) => row.effectiveFrom <= startedAt);
      if (inForce.length > 0) return inForce.find((row) => row.serviceTier === tier);
    }
    return undefined;
  }
}

/** Under which names a call's price is looked for, in this order: what answered, then what was asked for, each also without its date. */
export function namesToPrice(model: string | null, modelRequested: string): string[] {
  const names = [...(model === null || model === '' ? [] : [model]), modelRequested];
  return [...new Set(names.flatMap((name) => [name, withoutSnapshotDate(name)]))];
}

/** `auto` is only ever asked for; a response that says nothing, or that, ran in the default tier. */
export const tierOf = (reported: string | null): string =>
  reported === null || reported === 'auto' ? DEFAULT_TIER : reported;

const keyOf = (provider: string, model: string): string => `${provider}\n${model}`;
