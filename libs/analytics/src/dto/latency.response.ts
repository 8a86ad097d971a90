import { ApiProperty } from '@nestjs/swagger';
import { ReportResponse } from './report.response';

/** How long succeeded calls took, in milliseconds. Null where nothing was measured. */
export class LatencyFigures {
  /** Succeeded calls.
   * @example 420 */
  calls: number;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 412.5,
    description: 'Mean time from when the attempt could run to when it did.',
  })
  queue_average_ms: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 380 })
  queue_p50_ms: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 900 })
  queue_p95_ms: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 1500 })
  queue_p99_ms: number | null;

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 412.5,
    description: 'Mean time from the request to the first piece of text.',
  })
  first_token_average_ms: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 380 })
  first_token_p50_ms: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 900 })
  first_token_p95_ms: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 1500 })
  first_token_p99_ms: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 412.5, description: 'Mean time from the request to the end.' })
  total_average_ms: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 380 })
  total_p50_ms: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 900 })
  total_p95_ms: number | null;

  @ApiProperty({ type: Number, nullable: true, example: 1500 })
  total_p99_ms: number | null;
}

export class LatencyGroupResponse extends LatencyFigures {
  /** A model, the id of a persona or user, a channel, a purpose; or `other`.
   * @example gpt-6-luna */
  group: string;
}

export class LatencyPointResponse extends LatencyFigures {
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

export class LatencyReportResponse extends ReportResponse {
  totals: LatencyFigures;

  /** The whole range by group, the highest first; empty without `group_by`. */
  groups: LatencyGroupResponse[];

  /** In the order of time. With `group_by` points without calls are left out. */
  series: LatencyPointResponse[];

  @ApiProperty({
    enum: ['exact', 'approximate'],
    example: 'approximate',
    description: 'Percentiles of ranges of up to 25 hours are exact, but for those of the group `other`.',
  })
  percentiles: 'exact' | 'approximate';

  @ApiProperty({
    type: Number,
    nullable: true,
    example: 0.05,
    description:
      'How far approximate percentiles are off at most, as a share of their value; null when they are exact.',
  })
  relative_error: number | null;
}
