import type { PackagePrice } from './genai-prices';
import { DEFAULT_TIER, hasSameAmounts, type StoredPrice } from './price';
import { withoutSnapshotDate } from './pricing';

/** What an import does with one price of the package. */
export interface ImportStep {
  action: 'added' | 'changed' | 'kept';
  /** Why it is kept; null for the others. */
  reason: string | null;
  /** Our price at that date: the very row, or the one in force then; null: there is none. */
  current: StoredPrice | null;
  imported: PackagePrice;
}

/** Compares the package with the table here. Nothing of an admin is overwritten: neither a row, nor the time for which it is in force. */
export function planImport(imported: readonly PackagePrice[], table: readonly StoredPrice[]): ImportStep[] {
  return imported.map((price) => {
    const rows = table.filter(({ model, serviceTier }) => model === price.model && serviceTier === DEFAULT_TIER);
    const inForce = rows
      .filter(({ effectiveFrom }) => effectiveFrom <= price.effectiveFrom)
      .reduce<StoredPrice | null>(
        (latest, row) => (latest === null || row.effectiveFrom > latest.effectiveFrom ? row : latest),
        null,
      );
    const isSameDate = inForce?.effectiveFrom.getTime() === price.effectiveFrom.getTime();
    const kept = (reason: string): ImportStep => ({ action: 'kept', reason, current: inForce, imported: price });
    if (inForce?.source === 'admin') return kept('an admin has set the price that is in force then');
    // A price of the snapshot's own would go before it.
    const whole = withoutSnapshotDate(price.model);
    const isOfAdmin = whole !== price.model && table.some(({ model, source }) => model === whole && source === 'admin');
    if (isOfAdmin) return kept(`an admin has set a price for ${whole}, which is good for this snapshot too`);
    if (inForce !== null && hasSameAmounts(inForce, price.amounts)) return kept('it is the same');
    return { action: isSameDate ? 'changed' : 'added', reason: null, current: inForce, imported: price };
  });
}
