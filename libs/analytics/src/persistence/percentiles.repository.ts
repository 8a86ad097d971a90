import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import type { Point } from '../time/points';
import { conditionsOn, groupExpression, type Wanted } from './figures.sql';
import type { ByPoint } from './parts';

export const TIMES = ['queue', 'first_token', 'total'] as const;
/** What is measured of a call. */
export type MeasuredTime = (typeof TIMES)[number];

/** Milliseconds at each of the given shares; null when nothing was measured. */
export type Percentiles = Record<MeasuredTime, number[] | null>;

/** Exact percentiles, from the calls themselves: for short ranges. */
@Injectable()
export class PercentilesRepository {
  constructor(private readonly database: Database) {}

  async read(points: readonly Point[], wanted: Wanted, shares: readonly number[]): Promise<ByPoint<Percentiles>> {
    const { text: where, values } = conditionsOn(wanted, 4);
    const group = groupExpression(wanted.group);
    const at = (column: string): string => `percentile_cont($4::float8[]) WITHIN GROUP (ORDER BY ${column})`;
    const rows = await this.database.query<Percentiles & { point: number; group: string | null }>(
      `SELECT s.point, f.*
       FROM unnest($1::integer[], $2::timestamptz[], $3::timestamptz[]) AS s (point, since, until)
       CROSS JOIN LATERAL (
         SELECT ${group} AS "group", ${at('queue_ms')} AS queue, ${at('first_token_ms')} AS first_token, ${at('total_ms')} AS total
         FROM model_calls f WHERE f.status = 'succeeded' AND f.started_at >= s.since AND f.started_at < s.until AND ${where} GROUP BY 1
       ) AS f`.replaceAll('f.model', 'f.model_requested'),
      [
        points.map((_, point) => point),
        points.map(({ from }) => new Date(from)),
        points.map(({ to }) => new Date(to)),
        shares,
        ...values,
      ],
    );
    const found: ByPoint<Percentiles> = new Map();
    for (const { point, group: key, ...percentiles } of rows) {
      const groups = found.get(point) ?? new Map<string | null, Percentiles>();
      found.set(point, groups.set(key, percentiles));
    }
    return found;
  }
}
