import { namesToPrice } from './price-list';
import type { ReRatingPart, ReRatingScope } from './re-rating';

/** What the ledger has calls of. */
export type Strand = Pick<ReRatingPart, 'provider' | 'modelRequested' | 'model'>;

/**
 * The strands that scopes concern, each once, from the earliest begin to the latest end of the scopes that concern it.
 * @param notBefore calls that started earlier are left out
 */
export function partsOf(
  scopes: readonly ReRatingScope[],
  strands: readonly Strand[],
  notBefore: string | null,
): ReRatingPart[] {
  return strands.flatMap((strand) => {
    // The simulator is free whatever prices say.
    if (strand.provider === 'simulator') return [];
    const names = namesToPrice(strand.model, strand.modelRequested);
    const concerned = scopes.filter(
      ({ provider, model }) =>
        (provider === null || provider === strand.provider) && (model === null || names.includes(model)),
    );
    if (concerned.length === 0) return [];
    const from = concerned.map((scope) => scope.from).reduce(earlier);
    const to = concerned.map((scope) => scope.to).reduce((one, other) => (one && other ? later(one, other) : null));
    const begin = notBefore === null ? from : later(from, notBefore);
    return to !== null && to <= begin ? [] : [{ ...strand, from: begin, to }];
  });
}

// ISO times in UTC, all of the same form, are in the order of their texts.
const earlier = (one: string, other: string): string => (one < other ? one : other);
const later = (one: string, other: string): string => (one > other ? one : other);
