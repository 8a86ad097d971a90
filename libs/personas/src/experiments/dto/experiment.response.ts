import { ApiProperty } from '@nestjs/swagger';
import { type Page } from '../../cursor';
import { type Experiment } from '../experiment';

const STATUSES = ['running', 'stopped'] as const;

/** Two versions of a persona, and who gets which. */
export class ExperimentResponse {
  /** @example 5 */
  id: number;

  /** @example 7 */
  persona_id: number;

  /** @example "Shorter answers" */
  name: string;

  /** @example 3 */
  version_a: number;

  /** @example 4 */
  version_b: number;

  /** Percent of the new conversations that get version B.
   * @example 50 */
  share_b: number;

  /** @example running */
  @ApiProperty({ enum: STATUSES })
  status: (typeof STATUSES)[number];

  /** Null when that user is not known any more.
   * @example 1 */
  started_by: number | null;

  /** @example 2026-11-21T12:00:00.000Z */
  started_at: string;

  /** @example null */
  stopped_by: number | null;

  /** Null while it runs.
   * @example null */
  stopped_at: string | null;

  /** The version that was published when it was stopped; null when none was.
   * @example null */
  published_version: number | null;

  static from(experiment: Experiment): ExperimentResponse {
    return {
      id: experiment.id,
      persona_id: experiment.personaId,
      name: experiment.name,
      version_a: experiment.versionA,
      version_b: experiment.versionB,
      share_b: experiment.shareB,
      status: experiment.stoppedAt === null ? 'running' : 'stopped',
      started_by: experiment.startedBy,
      started_at: experiment.startedAt.toISOString(),
      stopped_by: experiment.stoppedBy,
      stopped_at: experiment.stoppedAt?.toISOString() ?? null,
      published_version: experiment.publishedVersion,
    };
  }
}

/** One page of a persona's experiments, newest first. */
export class ExperimentListResponse {
  experiments: ExperimentResponse[];

  /** @example false */
  has_more: boolean;

  /** For `cursor`; null on the last page.
   * @example null */
  next_cursor: string | null;

  static from(page: Page<Experiment>): ExperimentListResponse {
    return {
      experiments: page.items.map((experiment) => ExperimentResponse.from(experiment)),
      has_more: page.hasMore,
      next_cursor: page.nextCursor,
    };
  }
}
