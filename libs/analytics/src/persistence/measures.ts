/** What is summed up of calls: columns of `model_call_figures` and of `usage_rollups`. Money in millionths of a dollar, times in ms. */
export const MEASURES = [
  'input_tokens',
  'cached_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'total_tokens',
  'estimated_tokens',
  'cost_usd_micros',
  'estimated_cost_usd_micros',
  'queue_ms',
  'first_token_ms',
  'total_ms',
  'calls',
  'cached_answers',
  'open_calls',
  'succeeded_calls',
  'failed_calls',
  'cancelled_calls',
  'lost_calls',
  'retries',
  'turns',
  'replies',
  'priced_replies',
  'priced_calls',
  'unpriced_calls',
  'simulated_calls',
  'estimated_calls',
  'calls_without_usage',
] as const;

export type Measure = (typeof MEASURES)[number];
export type Figures<M extends Measure = Measure> = Record<M, number>;

/** What sums are told apart by. A cube names those that it keeps. */
export const DIMENSIONS = ['workspace_id', 'user_id', 'persona_id', 'model', 'channel', 'purpose'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export type Cube = 1 | 2 | 3;
const KEPT: Record<Cube, readonly Dimension[]> = {
  1: ['model', 'channel', 'purpose'],
  2: ['workspace_id', 'persona_id', 'model', 'channel', 'purpose'],
  3: DIMENSIONS,
};

export const isKept = (cube: Cube, dimension: Dimension): boolean => KEPT[cube].includes(dimension);

/** The smallest cube that tells all of these apart. */
export const cubeFor = (dimensions: readonly Dimension[]): Cube =>
  ([1, 2] as const).find((cube) => dimensions.every((dimension) => isKept(cube, dimension))) ?? 3;

/** The numbers of `usage_rollups.grain`. */
export const GRAINS = { hour: 1, day: 2, month: 3 } as const;
export type Grain = keyof typeof GRAINS;

/**
 * Cube 3 has no hours: one user's calls of a few hours are found in the ledger as fast, and hourly sums per user would be nearly as many
 * rows as the ledger has.
 */
export const GRAINS_OF: Record<Cube, readonly Grain[]> = {
  1: ['month', 'day', 'hour'],
  2: ['month', 'day', 'hour'],
  3: ['month', 'day'],
};
