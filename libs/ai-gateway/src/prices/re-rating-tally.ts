import type { CompletionUsage } from '../provider';
import type { Rating } from './price-list';
import { addCounts, type CountsByModel, NO_COUNTS, type ReRatingCounts } from './re-rating';
import type { CostDelta } from './re-rated-listeners';

/** A ledger row, as far as its cost is concerned. */
export interface RatedCallRow {
  id: number;
  workspaceId: number;
  userId: number;
  personaId: number;
  provider: string;
  model: string | null;
  modelRequested: string;
  serviceTier: string | null;
  startedAt: Date;
  /** The same to the microsecond: where the next batch goes on. */
  startedAtText: string;
  usage: CompletionUsage;
  costUsdMicros: number | null;
  priceId: number | null;
}

/** A call with what it costs by the prices of now. */
export interface ReRatedCall {
  row: RatedCallRow;
  rating: Rating;
}

export const isChanged = ({ row, rating }: ReRatedCall): boolean =>
  row.costUsdMicros !== rating.costUsdMicros || row.priceId !== rating.priceId;

export function countsOf(calls: readonly ReRatedCall[]): { total: ReRatingCounts; byModel: CountsByModel } {
  const byModel: CountsByModel = {};
  for (const call of calls) {
    const key = `${call.row.provider}/${call.row.model ?? call.row.modelRequested}`;
    byModel[key] = addCounts(byModel[key] ?? NO_COUNTS, countOf(call));
  }
  return { total: Object.values(byModel).reduce(addCounts, NO_COUNTS), byModel };
}

/** Anybody can ask for models that do not exist; the audit names so many, and the rest together. */
const MAX_MODELS = 200;
const OTHERS = 'others';

export function addByModel(one: CountsByModel, other: CountsByModel): CountsByModel {
  const sum = { ...one };
  for (const [key, counts] of Object.entries(other)) {
    const place = key in sum || Object.keys(sum).length < MAX_MODELS ? key : OTHERS;
    sum[place] = addCounts(sum[place] ?? NO_COUNTS, counts);
  }
  return sum;
}

function countOf(call: ReRatedCall): ReRatingCounts {
  const [before, after] = [call.row.costUsdMicros, call.rating.costUsdMicros];
  return {
    callsLookedAt: 1,
    callsChanged: isChanged(call) ? 1 : 0,
    callsNewlyPriced: before === null && after !== null ? 1 : 0,
    callsNewlyUnpriced: before !== null && after === null ? 1 : 0,
    costBeforeUsdMicros: before ?? 0,
    costAfterUsdMicros: after ?? 0,
  };
}

const QUARTER_MS = 900_000;

/** What changed calls add to the sums of their workspace, user and persona, by the quarter of an hour in which they started. */
export function deltasOf(calls: readonly ReRatedCall[]): CostDelta[] {
  const deltas = new Map<string, CostDelta>();
  for (const { row, rating } of calls) {
    const { workspaceId, userId, personaId } = row;
    const quarter = Math.floor(row.startedAt.getTime() / QUARTER_MS) * QUARTER_MS;
    const key = [workspaceId, userId, personaId, quarter].join();
    const delta = deltas.get(key) ?? {
      workspaceId,
      userId,
      personaId,
      quarter: new Date(quarter),
      costDeltaUsdMicros: 0,
      unpricedCallsDelta: 0,
    };
    delta.costDeltaUsdMicros += (rating.costUsdMicros ?? 0) - (row.costUsdMicros ?? 0);
    delta.unpricedCallsDelta += Number(rating.costUsdMicros === null) - Number(row.costUsdMicros === null);
    deltas.set(key, delta);
  }
  return [...deltas.values()].filter((delta) => delta.costDeltaUsdMicros !== 0 || delta.unpricedCallsDelta !== 0);
}
