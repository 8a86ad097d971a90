/** Calls whose cost may have changed. Null: every provider, every model, no end. */
export interface ReRatingScope {
  provider: string | null;
  /** A name that prices are looked up by. */
  model: string | null;
  /** ISO times: when the calls started. */
  from: string;
  to: string | null;
}

/** Calls that lie side by side in the index: one provider, one model asked for, one model that answered. */
export interface ReRatingPart {
  provider: string;
  modelRequested: string;
  /** Empty: none was named. */
  model: string;
  from: string;
  to: string | null;
}

/** What was done to some calls. */
export interface ReRatingCounts {
  callsLookedAt: number;
  callsChanged: number;
  /** Of the changed: those that had no cost before. */
  callsNewlyPriced: number;
  /** Of the changed: those that have no cost any more. */
  callsNewlyUnpriced: number;
  /** Of the calls looked at; a call without a cost adds nothing. */
  costBeforeUsdMicros: number;
  costAfterUsdMicros: number;
}

/** By provider and model, as `openai/gpt-6-luna-2026-05-12`: the model that answered, or the one asked for where none was named. */
export type CountsByModel = Record<string, ReRatingCounts>;

/** `waiting`: not begun. `running`: goes through the calls. `settling`: waits for calls that may still end with the old price, then looks at those. */
export type ReRatingStatus = 'waiting' | 'running' | 'settling' | 'completed';

export type ReRatingCause = 'created' | 'changed' | 'deleted' | 'imported' | 'requested';

export interface ReRating extends ReRatingCounts {
  id: number;
  status: ReRatingStatus;
  cause: ReRatingCause;
  reason: string | null;
  requestedBy: number | null;
  scopes: ReRatingScope[];
  /** Null while they have to be found out. */
  parts: ReRatingPart[] | null;
  partIndex: number;
  byModel: CountsByModel;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

export const NO_COUNTS: Readonly<ReRatingCounts> = Object.freeze({
  callsLookedAt: 0,
  callsChanged: 0,
  callsNewlyPriced: 0,
  callsNewlyUnpriced: 0,
  costBeforeUsdMicros: 0,
  costAfterUsdMicros: 0,
});

export const addCounts = (one: ReRatingCounts, other: ReRatingCounts): ReRatingCounts => ({
  callsLookedAt: one.callsLookedAt + other.callsLookedAt,
  callsChanged: one.callsChanged + other.callsChanged,
  callsNewlyPriced: one.callsNewlyPriced + other.callsNewlyPriced,
  callsNewlyUnpriced: one.callsNewlyUnpriced + other.callsNewlyUnpriced,
  costBeforeUsdMicros: one.costBeforeUsdMicros + other.costBeforeUsdMicros,
  costAfterUsdMicros: one.costAfterUsdMicros + other.costAfterUsdMicros,
});
