import { Database } from '@app/platform';
import { Injectable } from '@nestjs/common';
import { planSegments, type RollupState } from '../rollups/segments';
import type { Point } from '../time/points';
import { conditionsOn, groupExpression, type Wanted } from './figures.sql';
import { type ByPoint, edgesOf } from './figures.repository';

export type ConversationCounts = Record<'created' | 'deleted' | 'active', number>;
/** How many conversations began, ended and were active. */
@Injectable()
export class ConversationFiguresRepository {
  constructor(private readonly database: Database) {}

  async counts(
    points: readonly Point[],
    state: RollupState,
    wanted: Wanted,
  ): Promise<ByPoint<Partial<ConversationCounts>>> {
    const counts: ByPoint<Partial<ConversationCounts>> = new Map();
    const take = async (name: keyof ConversationCounts, rows: Promise<CountRow[]>): Promise<void> => {
      for (const { point, group, count } of await rows) {
        const groups = counts.get(point) ?? new Map<string | null, Partial<ConversationCounts>>();
        counts.set(point, groups.set(group, { ...groups.get(group), [name]: count }));
      }
    };
    await take('created', this.lives(points, wanted, 'created_at'));
    await take('deleted', this.lives(points, wanted, 'deleted_at'));
    await take('active', this.active(points, state, wanted));
    return counts;
  }

  private lives(points: readonly Point[], wanted: Wanted, column: 'created_at' | 'deleted_at'): Promise<CountRow[]> {
    const where = conditionsOn(wanted, 3);
    return this.database.query<CountRow>(
      `SELECT s.point, f.*
       FROM unnest($1::integer[], $2::timestamptz[], $3::timestamptz[]) AS s (point, since, until)
       CROSS JOIN LATERAL (
         SELECT ${groupExpression(wanted.group)} AS "group", count(*) AS count FROM conversation_lives f
         WHERE f.${column} >= s.since AND f.${column} < s.until AND ${where.text} GROUP BY 1
       ) AS f`,
      [
        points.map((_, point) => point),
        points.map(({ from }) => new Date(from)),
        points.map(({ to }) => new Date(to)),
        ...where.values,
      ],
    );
  }

  /**
   * Conversations with a call for a reply. Each counts at its first quarter in the point: the one whose predecessor lies before the point. Those that
   * have anything in a part that is not summed up (`unsure`) are looked at one by one.
   */
  private active(points: readonly Point[], state: RollupState, wanted: Wanted): Promise<CountRow[]> {
    const segments = planSegments(points, state, ['quarter']);
    const summed = segments.filter(({ source }) => source !== 'calls');
    const raw = segments.filter(({ source }) => source === 'calls');
    const where = conditionsOn(wanted, 7);
    const group = groupExpression(wanted.group);
    const isByPersona = wanted.group === 'persona' || wanted.selection.personaId !== undefined;
    const previous = isByPersona ? 'f.previous_with_persona' : 'f.previous';
    return this.database.query<CountRow>(
      `WITH summed AS (
         SELECT s.*, ($7::timestamptz[])[s.point + 1] AS beginning FROM unnest($1::integer[], $2::timestamptz[], $3::timestamptz[]) AS s (point, since, until)
       ), raw AS (SELECT * FROM unnest($4::integer[], $5::timestamptz[], $6::timestamptz[]) AS s (point, since, until)
       ), unsure AS MATERIALIZED (
         SELECT point, "group", conversation_id, bool_or(is_active) AS is_active FROM (
           SELECT s.point, f.*, true AS is_active FROM raw s CROSS JOIN LATERAL (
             SELECT DISTINCT ${group} AS "group", f.conversation_id FROM model_calls f
             WHERE f.started_at >= s.since AND f.started_at < s.until AND f.purpose = 'reply' AND ${where.text}
           ) AS f
           UNION ALL
           SELECT s.point, f.*, false FROM raw s CROSS JOIN LATERAL (
             SELECT DISTINCT ${group} AS "group", f.conversation_id FROM conversation_activity f
             WHERE f.bucket >= date_bin('15 minutes', s.since, '2000-01-01Z') AND f.bucket < s.until AND ${where.text}
           ) AS f
         ) AS seen GROUP BY point, "group", conversation_id
       ), first_seen AS (
         SELECT s.point, f.* FROM summed s CROSS JOIN LATERAL (
           SELECT ${group} AS "group", count(*) AS count FROM conversation_activity f
           WHERE f.bucket >= s.since AND f.bucket < s.until AND (${previous} IS NULL OR ${previous} < s.beginning) AND ${where.text} GROUP BY 1
         ) AS f
       ), counted_twice AS (
         SELECT u.point, u."group", count(*) AS count
         FROM unsure u JOIN summed s ON s.point = u.point
         JOIN conversation_activity f ON f.conversation_id = u.conversation_id AND f.bucket >= s.since AND f.bucket < s.until
           AND (${previous} IS NULL OR ${previous} < s.beginning)
         WHERE ${where.text} AND ${group} IS NOT DISTINCT FROM u."group" GROUP BY 1, 2
       ), sure AS (
         SELECT u.point, u."group", count(*) AS count FROM unsure u
         WHERE u.is_active OR EXISTS (
           SELECT FROM summed s JOIN conversation_activity f ON f.conversation_id = u.conversation_id AND f.bucket >= s.since AND f.bucket < s.until
           WHERE s.point = u.point AND ${group} IS NOT DISTINCT FROM u."group" AND ${where.text}
         ) GROUP BY 1, 2
       )
       SELECT point, "group", sum(count)::bigint AS count FROM (
         SELECT * FROM first_seen UNION ALL SELECT point, "group", -count FROM counted_twice UNION ALL SELECT * FROM sure
       ) AS parts GROUP BY point, "group"`,
      [
        summed.map(({ point }) => point),
        ...edgesOf(summed),
        raw.map(({ point }) => point),
        ...edgesOf(raw),
        points.map(({ from }) => new Date(from)),
        ...where.values,
      ],
    );
  }
}

interface CountRow {
  point: number;
  group: string | null;
  count: number;
}
