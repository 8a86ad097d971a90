import { ApiProperty } from '@nestjs/swagger';
import { ReportResponse } from './report.response';

/** What calls cost. Calls to the simulator cost nothing and count nowhere but in `simulated_calls`. */
export class CostFigures {
  /** The sum of the calls whose price is known, in US dollars.
   * @example 1.25 */
  cost_usd: number;

  /** The part of `cost_usd` that rests on estimated tokens.
   * @example 0.01 */
  estimated_cost_usd: number;

  /** Calls that are in `cost_usd`.
   * @example 420 */
  priced_calls: number;

  /** Calls that used tokens and are not in `cost_usd`, because no price is known for them.
   * @example 0 */
  unpriced_calls: number;

  /** Calls to the local simulator.
   * @example 0 */
  simulated_calls: number;

  /** Answers from the cache, which cost nothing.
   * @example 5 */
  cached_answers: number;

  /** Replies of models whose price is known.
   * @example 400 */
  replies: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 0.0031,
    description: '`cost_usd` by `replies`: with failed attempts, summaries and previews in it. Null without replies.',
  })
  cost_per_message_usd: number | null;
}

export class CostGroupResponse extends CostFigures {
  /** A model, the id of a persona or user, a channel, a purpose; or `other`.
   * @example gpt-6-luna */
  group: string;
}

export class CostPointResponse extends CostFigures {
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

/** A calendar day or month of the time zone, so far. */
export class SpendResponse {
  /** @example "2026-11-01T00:00:00.000Z" */
  from: string;

  /** @example 1.25 */
  cost_usd: number;

  /** @example 0 */
  unpriced_calls: number;
}

export class SpendSoFarResponse {
  today: SpendResponse;

  this_month: SpendResponse;
}

export class CostReportResponse extends ReportResponse {
  totals: CostFigures;

  /** The whole range by group, the highest first; empty without `group_by`. */
  groups: CostGroupResponse[];

  /** In the order of time. With `group_by` points without calls are left out. */
  series: CostPointResponse[];

  /** The day and the month that are now, whatever the range; with the same filters. */
  spend: SpendSoFarResponse;
}
