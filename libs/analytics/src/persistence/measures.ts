import type { CubeOfSums } from './cubes';

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
  'conversation_tokens',
  'conversation_cost_usd_micros',
] as const;

export type Measure = (typeof MEASURES)[number];
export type Figures<M extends Measure = Measure> = Record<M, number>;

/** What sums are told apart by. A cube names those that it keeps. */
export const DIMENSIONS = ['workspace_id', 'user_id', 'persona_id', 'model', 'channel', 'purpose'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** The numbers of `usage_rollups.cube`. */
export type Cube = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/**
 * From small to large. Sums per user have no hours: one user's calls of a few hours are found in the ledger as fast, and hourly sums per user
 * would be nearly as many rows as the ledger has. Quarters of an hour, which some time zones need, are kept of everything only.
 */
export const CUBES: readonly CubeOfSums<Dimension, Cube>[] = [
  { cube: 4, kept: [], grains: ['month', 'day', 'hour', 'quarter'] },
  { cube: 5, kept: ['workspace_id'], grains: ['month', 'day', 'hour'] },
  { cube: 7, kept: ['persona_id'], grains: ['month', 'day'] },
  { cube: 6, kept: ['user_id'], grains: ['month', 'day'] },
  { cube: 1, kept: ['model', 'channel', 'purpose'], grains: ['month', 'day', 'hour'] },
  {
    cube: 2,
    kept: ['workspace_id', 'persona_id', 'model', 'channel', 'purpose'],
    grains: ['month', 'day', 'hour'],
  },
  { cube: 3, kept: DIMENSIONS, grains: ['month', 'day'] },
];

export const isKept = (cube: Cube, dimension: Dimension): boolean =>
  CUBES.find((one) => one.cube === cube)!.kept.includes(dimension);
