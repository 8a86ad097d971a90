import { ApiProperty } from '@nestjs/swagger';
import { ReportResponse } from './report.response';

/** What was asked of models, and what they answered. */
export class UsageFigures {
  /** Calls to models: each attempt is one. Answers from the cache are none.
   * @example 42 */
  calls: number;

  /** @example 38 */
  succeeded_calls: number;

  /** @example 2 */
  failed_calls: number;

  /** Stopped, or their answer was not wanted any more.
   * @example 1 */
  cancelled_calls: number;

  /** Their worker died: what they used is not known unless the upstream answer still came.
   * @example 1 */
  lost_calls: number;

  /** Under way.
   * @example 0 */
  open_calls: number;

  /** Calls that repeat a failed one.
   * @example 2 */
  retries: number;

  /** Answers from the cache: nobody was asked, they cost nothing.
   * @example 5 */
  cached_answers: number;

  /** Calls to the local simulator, which costs nothing; part of `calls` and of the tokens.
   * @example 0 */
  simulated_calls: number;

  /** Tokens are those that the upstream told.
   * @example 12000 */
  input_tokens: number;

  /** Part of `input_tokens`.
   * @example 3000 */
  cached_tokens: number;

  /** Part of `input_tokens`.
   * @example 0 */
  cache_write_tokens: number;

  /** @example 4000 */
  output_tokens: number;

  /** Part of `output_tokens`.
   * @example 500 */
  reasoning_tokens: number;

  /** @example 16000 */
  total_tokens: number;

  /** Our estimate for replies that were stopped before the upstream could tell; in none of the other token figures.
   * @example 120 */
  estimated_tokens: number;

  /** Calls that have ended and whose tokens nobody knows: refused, cut, lost.
   * @example 2 */
  calls_without_usage: number;

  /** The sum of the calls whose price is known, in US dollars.
   * @example 0.0123 */
  cost_usd: number;

  /** Calls that used tokens and are not in `cost_usd`, because no price is known for them.
   * @example 0 */
  unpriced_calls: number;
}

export class UsageGroupResponse extends UsageFigures {
  /** A model, the id of a persona or user, a channel, a purpose; or `other`.
   * @example gpt-6-luna */
  group: string;
}

export class UsagePointResponse extends UsageFigures {
  /** @example "2026-11-20T00:00:00.000Z" */
  start: string;

  /** @example "2026-11-21T00:00:00.000Z" */
  end: string;

  /** What the point is called in its time zone.
   * @example 2026-11-20 */
  label: string;

  @ApiProperty({ type: String, nullable: true, example: null, description: 'Null where nothing is told apart.' })
  group: string | null;
}

export class UsageReportResponse extends ReportResponse {
  totals: UsageFigures;

  /** The whole range by group, the highest first; empty without `group_by`. */
  groups: UsageGroupResponse[];

  /** In the order of time. With `group_by` points without calls are left out. */
  series: UsagePointResponse[];
}
