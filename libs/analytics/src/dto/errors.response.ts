import { ApiProperty } from '@nestjs/swagger';
import { ReportResponse } from './report.response';

/** Calls that gave no answer. */
export class ErrorsFigures {
  /** All calls.
   * @example 420 */
  calls: number;

  /** @example 8 */
  failed_calls: number;

  /** Their worker died.
   * @example 1 */
  lost_calls: number;

  /** Stopped by people, or their answer was not wanted any more; no error.
   * @example 3 */
  cancelled_calls: number;

  /** Calls that repeat a failed one.
   * @example 7 */
  retries: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 0.021,
    description: 'Failed and lost calls by all calls. Null without calls.',
  })
  error_rate: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 0.017,
    description: '`retries` by all calls. Null without calls.',
  })
  retry_rate: number | null;
}

export class ErrorsGroupResponse extends ErrorsFigures {
  /** A model, the id of a persona or user, a channel, a purpose; or `other`.
   * @example gpt-6-luna */
  group: string;
}

export class ErrorsPointResponse extends ErrorsFigures {
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

/** Why calls gave no answer. */
export class ErrorKindResponse {
  @ApiProperty({ enum: ['failed', 'cancelled', 'lost'], example: 'failed' })
  status: 'failed' | 'cancelled' | 'lost';

  @ApiProperty({ type: String, nullable: true, example: 'UPSTREAM.RATE_LIMITED', description: 'See docs/errors.md.' })
  error_code: string | null;

  @ApiProperty({ type: Number, nullable: true, example: 429, description: 'What the upstream answered with.' })
  http_status: number | null;

  /** @example 7 */
  calls: number;
}

export class ErrorsReportResponse extends ReportResponse {
  totals: ErrorsFigures;

  /** The whole range by group, the highest first; empty without `group_by`. */
  groups: ErrorsGroupResponse[];

  /** In the order of time. With `group_by` points without calls are left out. */
  series: ErrorsPointResponse[];

  /** The 50 most frequent kinds. */
  kinds: ErrorKindResponse[];
}
