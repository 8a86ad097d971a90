import type { Scope } from './report-query.dto';
import { SCOPES } from './report-query.dto';
import { ApiProperty } from '@nestjs/swagger';
import { INTERVALS, type Interval } from '../time/points';
import { GROUPS, type Group } from '../persistence/figures.sql';

/** What a report is about, beside its figures. */
export class ReportResponse {
  @ApiProperty({ enum: SCOPES, example: 'me', description: 'Whose calls these are.' })
  scope: Scope;

  /** The beginning, part of the range.
   * @example "2026-11-01T00:00:00.000Z" */
  from: string;

  /** The end, not part of the range.
   * @example "2026-11-21T14:00:00.000Z" */
  to: string;

  @ApiProperty({ enum: INTERVALS, example: 'day' })
  interval: Interval;

  /** @example UTC */
  time_zone: string;

  @ApiProperty({
    enum: GROUPS,
    nullable: true,
    type: String,
    example: 'model',
    description: 'What the figures are told apart by.',
  })
  group_by: Group | null;

  /** How many groups there are beyond those in `groups`. Their figures are in the group `other`, where figures can be added up.
   * @example 0 */
  groups_left_out: number;
}
