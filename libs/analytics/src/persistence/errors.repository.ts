import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { planSegments, type RollupState } from '../rollups/segments';
import type { Point } from '../time/points';
import { conditionsOn, type Selection } from './figures.sql';
import { edgesOf } from './parts';

export interface FailureKind {
  status: 'failed' | 'cancelled' | 'lost';
  errorCode: string | null;
  httpStatus: number | null;
  calls: number;
}

/** Why calls failed. */
@Injectable()
export class ErrorsRepository {
  constructor(private readonly database: Database) {}

  /** The most frequent kinds first. */
  async kinds(range: Point, state: RollupState, selection: Selection, most: number): Promise<FailureKind[]> {
    const segments = planSegments([range], state, ['hour']);
    const summed = segments.filter(({ source }) => source !== 'calls');
    const raw = segments.filter(({ source }) => source === 'calls');
    const where = conditionsOn({ selection, group: null }, 7);
    return this.database.query<FailureKind>(
      `SELECT status, error_code AS "errorCode", http_status AS "httpStatus", sum(calls)::bigint AS calls
       FROM (
         SELECT f.status, f.error_code, f.http_status, s.sign * f.calls AS calls
         FROM unnest($1::integer[], $2::timestamptz[], $3::timestamptz[]) AS s (sign, since, until)
         CROSS JOIN LATERAL (
           SELECT status, error_code, http_status, sum(calls) AS calls FROM error_rollups f
           WHERE f.bucket >= s.since AND f.bucket < s.until AND ${where.text} GROUP BY 1, 2, 3
         ) AS f
         UNION ALL
         SELECT f.status, f.error_code, f.http_status, s.sign * f.calls
         FROM unnest($4::integer[], $5::timestamptz[], $6::timestamptz[]) AS s (sign, since, until)
         CROSS JOIN LATERAL (
           SELECT status, error_code, http_status, count(*) AS calls FROM model_call_figures f
           WHERE f.started_at >= s.since AND f.started_at < s.until AND f.status IN ('failed', 'cancelled', 'lost') AND ${where.text}
           GROUP BY 1, 2, 3
         ) AS f
       ) AS f
       GROUP BY status, error_code, http_status HAVING sum(calls) <> 0
       ORDER BY sum(calls) DESC, status, error_code, http_status LIMIT $7`,
      [
        summed.map(({ sign }) => sign),
        ...edgesOf(summed),
        raw.map(({ sign }) => sign),
        ...edgesOf(raw),
        most,
        ...where.values,
      ],
    );
  }
}
